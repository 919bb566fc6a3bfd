"""The command `viva` as people start it: it serves, or says in one line what to do."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from app import serve, start
from app.cli import main
from app.core.settings import Settings
from app.paths import BANKS

Environment = dict[str, str]
BANK = BANKS / "attention"


def viva(data: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """The real command with its data in this folder; no setting of the machine's own is heard."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        env={**kept, "VIVA_DATA": str(data), "VIVA_PORT": "0", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """A server that answers, its address, and the lines it told before."""
    with viva(data, **settings) as process:
        assert process.stdout and process.stderr
        watch = threading.Timer(60, process.kill)
        watch.start()
        told = []
        while not (found := re.search(r"Viva is at (\S+)", line := process.stdout.readline())):
            told.append(line.strip())
            assert line, process.stderr.read()
        try:
            yield process, found[1], told
        finally:
            watch.cancel()
            process.kill()


def broken_bank(folder: Path) -> str:
    """A copy of the bank in which one file names a level that does not exist."""
    copy = folder / "bank"
    shutil.copytree(BANK, copy)
    first = copy / "01-what-is-attention.yaml"
    first.write_text(re.sub("^level: .*$", "level: wizard", first.read_text("utf8"), flags=re.M), "utf8")
    return str(copy)


def nothing(folder: Path, loaded: bytes) -> Environment:
    return {}


def below_a_file(folder: Path, loaded: bytes) -> Environment:
    (folder / "file").write_text("")
    return {"VIVA_DATA": str(folder / "file" / "data")}


def no_such_bank(folder: Path, loaded: bytes) -> Environment:
    (folder / "viva.db").write_bytes(loaded)
    return {"VIVA_BANKS": str(folder / "nowhere")}


def first_bank_broken(folder: Path, loaded: bytes) -> Environment:
    return {"VIVA_BANKS": broken_bank(folder)}


def newer_database(folder: Path, loaded: bytes) -> Environment:
    (folder / "viva.db").write_bytes(loaded)
    with sqlite3.connect(folder / "viva.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
    connection.close()
    return {}


def not_a_database(folder: Path, loaded: bytes) -> Environment:
    (folder / "viva.db").write_text("Dear diary, " * 1000)
    return {}


def taken_port(folder: Path, loaded: bytes) -> Environment:
    return {"VIVA_PORT": "the one that is taken"}


REFUSALS = {
    "two workers on SQLite": (nothing, "PostgreSQL: set VIVA_DATABASE_URL", ("serve", "--workers", "2")),
    "a data folder that cannot be": (below_a_file, r"data folder .*file/data cannot be written.*VIVA_DATA", ()),
    "a taken port": (taken_port, r"Port \d+ on 127.0.0.1 cannot be used.*--port", ()),
    "no bank": (no_such_bank, r"no bank\.yaml in .*nowhere; correct VIVA_BANKS", ()),
    "a broken bank at the first start": (first_bank_broken, r"^\d+ faults in .*bank; correct", ()),
    "a newer database": (newer_database, "revision ffff.*install a newer viva", ()),
    "not a database": (not_a_database, "file is not a database.*check VIVA_DATA", ()),
}


@pytest.fixture
def taken() -> Iterator[str]:
    """A port on which somebody listens already."""
    with start.listen("127.0.0.1", 0) as bound:
        yield str(bound.getsockname()[1])


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes what the command listens on; a command that ends leaves that to the system."""
    with ExitStack() as stack:
        listen = start.listen
        monkeypatch.setattr(start, "listen", lambda host, port: stack.enter_context(listen(host, port)))
        yield


@pytest.mark.parametrize("name", REFUSALS)
def test_a_start_that_cannot_succeed_says_why_in_one_line(
    name: str,
    taken: str,
    tmp_path: Path,
    loaded: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    arrange, line, arguments = REFUSALS[name]
    monkeypatch.setattr(sys, "argv", ["viva", *arguments])
    monkeypatch.setattr(serve, "run", lambda *given, **more: pytest.fail("it serves"))
    for key, value in {"VIVA_DATA": str(tmp_path), "VIVA_PORT": "0", **arrange(tmp_path, loaded)}.items():
        monkeypatch.setenv(key, value.replace("the one that is taken", taken))
    with pytest.raises(SystemExit) as ended:
        main()
    told, complaint = capfd.readouterr()
    assert re.search(line, complaint) and complaint.count("\n") == 1, complaint
    assert ended.value.code in (1, 2) and "Viva is at" not in told
    assert name != "a broken bank at the first start" or re.search(r"^01-.*yaml:\d+: level: ", told, re.M)


def test_a_bank_broken_later_leaves_the_last_good_one_served(tmp_path: Path, loaded: bytes) -> None:
    (tmp_path / "viva.db").write_bytes(loaded)
    with serving(tmp_path, VIVA_BANKS=broken_bank(tmp_path)) as (process, address, told):
        assert re.search(r"^\d+ faults in .*the last good version goes on being served", told[-1])
        assert "32 of 32" in httpx2.get(f"{address}/questions?lang=en").text
        assert httpx2.get(f"{address}/readyz").status_code == 200

        second = viva(tmp_path)
        output, complaint = second.communicate(timeout=60)
        assert complaint.startswith("Another viva is using") and complaint.count("\n") == 1
        assert second.returncode == 1 and not output

        process.send_signal(signal.SIGINT)  # Ctrl+C
        complaint = process.communicate(timeout=20)[1]
        assert "Traceback" not in complaint and "Aborted" not in complaint


def test_small_answers_are_not_held_back() -> None:
    # asyncio turns Nagle's algorithm off only for a socket that names its protocol; else each save takes 40 ms more
    with start.listen("127.0.0.1", 0) as bound:
        assert bound.proto == socket.IPPROTO_TCP


def test_workers_read_the_settings_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(
        data=tmp_path,
        database_url="postgresql+psycopg://user@host/name",
        workers=2,
        trusted_proxies=("10.0.0.1", "10.0.0.2"),
        allowed_hosts=("viva.example.org",),
        banks=(tmp_path / "one", tmp_path / "two"),
        log="json",
    )
    for name, value in serve.environment(given).items():
        monkeypatch.setenv(name, value)
    assert Settings() == given
