"""Many learners take a quiz at once: is every save answered, kept and answered in time, and what does a save cost?

python -m tests.benchmarks.quiz [--clients 200] [--saves 32] [--seconds 4] [--database sqlite|postgres]
"""

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from sqlalchemy import text

from app.core.db import make_engine
from tests.benchmarks.browsers import Browser, Times
from tests.benchmarks.spine import database

COLUMNS = "database clients saves lost 5xx non-200 saves/s p50_ms p99_ms p99/p50 starts_p50 results_p50 marked"
RATIOS = "database clients viva/s bare/s ratio viva_p50 viva_p99 p99/p50 bare_p50 bare_p99 refused"
ROUNDS = 3


@dataclass
class Load:
    """What the learners saw."""

    starts: Times = field(default_factory=Times)
    saves: Times = field(default_factory=Times)
    results: Times = field(default_factory=Times)
    acknowledged: set[tuple[str, int, str]] = field(default_factory=set)  # quiz, position, text
    seconds: float = 0.0  # of the saves


@contextmanager
def viva(url: str) -> Iterator[int]:
    """The real server on this database; its port."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VIVA_DATA": folder, "VIVA_DATABASE_URL": url, "VIVA_PORT": "0"}
        command = [sys.executable, "-m", "app"]
        subprocess.run([*command, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with _running([*command, "serve"], environment) as port:
            yield port


@contextmanager
def bare(url: str) -> Iterator[int]:
    """The smallest server that inserts a row; its port."""
    with _running([sys.executable, "-m", "tests.benchmarks.quiz_app", url], dict(os.environ)) as port:
        yield port


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    """A process that prints its port, alone or as the end of an address."""
    quiet = subprocess.DEVNULL  # a log line a request
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True) as process:
        try:
            assert process.stdout
            for line in process.stdout:
                if found := re.search(r"(?:^|127\.0\.0\.1:)(\d+)\b", line):
                    yield int(found[1])
                    break
            else:
                raise RuntimeError(f"{command} did not start")
        finally:
            process.kill()


async def start(port: int, items: int, times: Times) -> tuple[Browser, str]:
    """A browser and the quiz it started."""
    browser = await Browser(port).open()
    wishes = {"count": items, "review": "at_end", "pace": "2"}
    answer = await browser.form("/quizzes", wishes, times)
    assert answer.status == 303, answer
    return browser, answer.location.rpartition("/")[2]


async def take(port: int, client: int, saves: int, load: Load, ready: asyncio.Barrier) -> None:
    """A learner: start, save each answer in turn, hand in, read the result."""
    browser, quiz = await start(port, saves, load.starts)
    await ready.wait()
    await browser.reopen()
    began = time.perf_counter()
    for position in range(1, saves + 1):
        typed = f"answer {position} of {client}"
        sent = {"base": 0, "response": {"text": [typed]}, "flagged": False, "confidence": "mid"}
        answer = await browser.put(f"/api/v1/attempts/{quiz}/answers/{position}", sent, load.saves)
        if answer.status == 200:
            load.acknowledged.add((quiz, position, typed))
    load.seconds = max(load.seconds, time.perf_counter() - began)
    await ready.wait()
    await browser.reopen()
    await browser.form(f"/quizzes/{quiz}/submission", {}, Times())
    await browser.get(f"/quizzes/{quiz}/result", load.results)
    browser.close()


async def everybody(port: int, clients: int, saves: int) -> Load:
    load, ready = Load(), asyncio.Barrier(clients)
    await asyncio.gather(*(take(port, client, saves, load, ready) for client in range(clients)))
    return load


def kept(url: str) -> tuple[set[tuple[str, int, str]], int]:
    """The answers that a connection of its own finds, and how many attempts are marked."""
    engine = make_engine(url)
    wanted = "SELECT public_id, position, response FROM answer JOIN attempt ON attempt.id = attempt_id"
    with engine.connect() as connection:
        rows = connection.execute(text(f"{wanted} WHERE response IS NOT NULL")).all()
        marked = connection.execute(text("SELECT count(*) FROM attempt WHERE graded_at IS NOT NULL")).scalar_one()
    engine.dispose()
    return {(quiz, position, response.split('"')[3]) for quiz, position, response in rows}, marked


def measure(kind: str, clients: int, saves: int) -> tuple[bool, list[str]]:
    """Whether everything was kept and answered, and the table's row."""
    with database(kind) as url, viva(url) as port:
        load = asyncio.run(asyncio.wait_for(everybody(port, clients, saves), 3600))
        found, marked = kept(url)
    lost = len(load.acknowledged - found)
    every = [*load.starts.statuses, *load.saves.statuses, *load.results.statuses]
    faults, refused = sum(status >= 500 for status in every), load.saves.count(lambda status: status != 200)
    p50, p99 = load.saves.quantile(0.5), load.saves.quantile(0.99)
    number = len(load.saves.took)
    numbers = [number, lost, faults, refused, number / load.seconds, p50, p99, p99 / p50]
    numbers += [load.starts.quantile(0.5), load.results.quantile(0.5), marked]
    good = not lost and not faults and not refused and number == clients * saves and marked == clients
    return good, [kind, str(clients), *(f"{one:.4g}" for one in numbers)]


async def save_on(browser: Browser, quiz: str, until: float, times: Times) -> None:
    """Go on changing the answers of one quiz."""
    revision = 0
    while time.perf_counter() < until:
        sent = {"base": revision // 10, "response": {"text": [f"answer {revision}"]}}
        await browser.put(f"/api/v1/attempts/{quiz}/answers/{revision % 10 + 1}", sent, times)
        revision += 1


async def insert_on(browser: Browser, _: str, until: float, times: Times) -> None:
    """Go on inserting rows."""
    while time.perf_counter() < until:
        await browser.put("/rows", {"text": f"answer {len(times.took)}"}, times)


async def together(port: int, clients: int, seconds: float, times: Times, *, real: bool) -> float:
    """Everybody for so long; requests a second. Quizzes are started before the time begins."""
    people = [await start(port, 10, Times()) if real else (await Browser(port).open(), "") for _ in range(clients)]
    for browser, _ in people:
        await browser.reopen()
    before, began = len(times.took), time.perf_counter()
    work = save_on if real else insert_on
    await asyncio.gather(*(work(browser, quiz, began + seconds, times) for browser, quiz in people))
    rate = (len(times.took) - before) / (time.perf_counter() - began)
    for browser, _ in people:
        browser.close()
    return rate


def compare(kind: str, clients: int, seconds: float) -> list[str]:
    """A save against the bare insert, in turns, so that a busy machine slows both; the table's row."""
    saves, inserts, rates = Times(), Times(), []
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(database(kind)) for _ in range(2))
        ports = stack.enter_context(viva(ours)), stack.enter_context(bare(theirs))
        for _ in range(ROUNDS):
            mine = asyncio.run(together(ports[0], clients, seconds, saves, real=True))
            rates.append((mine, asyncio.run(together(ports[1], clients, seconds, inserts, real=False))))
    told = [*map(statistics.median, zip(*rates, strict=True)), statistics.median(one / other for one, other in rates)]
    told += [saves.quantile(0.5), saves.quantile(0.99), saves.quantile(0.99) / saves.quantile(0.5)]
    told += [inserts.quantile(0.5), inserts.quantile(0.99)]
    refused = [times.count(lambda status: status != 200) for times in (saves, inserts)]
    return [kind, str(clients), *(f"{one:.4g}" for one in told), "{}+{}".format(*refused)]


def show(columns: str, rows: list[list[str]]) -> None:
    table = [columns.split(), *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)), flush=True)


def main() -> int:
    """Print both tables; 1 if anything was lost, refused or missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--saves", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--database", nargs="*", choices=("sqlite", "postgres"), default=["sqlite"])
    parser.add_argument("--only", choices=("load", "ratio"))
    asked = parser.parse_args()
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    good = True
    if asked.only != "load":
        show(RATIOS, [compare(kind, clients, asked.seconds) for kind in asked.database for clients in (1, 32)])
    if asked.only != "ratio":
        results = [measure(kind, asked.clients, asked.saves) for kind in asked.database]
        show(COLUMNS, [row for _, row in results])
        good = all(fine for fine, _ in results)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
