"""The key that signs cookies: one for all processes, kept over restarts, readable by its owner only."""

import stat
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.settings import Settings
from app.people import secret
from app.people.secret import BrokenSecret, signing_key


def test_a_setting_comes_first_and_touches_no_disk(tmp_path: Path) -> None:
    assert signing_key(Settings(data=tmp_path / "none", secret_key="k" * 32)) == "k" * 32
    assert not (tmp_path / "none").exists()


def test_a_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new" / "folder")
    key = signing_key(settings)
    assert len(bytes.fromhex(key)) == 32
    assert signing_key(settings) == key == (settings.data / "viva.secret").read_text().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    signing_key(Settings(data=tmp_path))
    assert stat.S_IMODE((tmp_path / "viva.secret").stat().st_mode) == 0o600


def test_every_server_has_a_key_of_its_own(tmp_path: Path) -> None:
    assert signing_key(Settings(data=tmp_path / "one")) != signing_key(Settings(data=tmp_path / "other"))


def test_processes_that_start_at_once_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together, make = threading.Barrier(8, timeout=10), secret._make

    def make_at_once(path: Path) -> None:
        together.wait()  # all of them have found no file
        make(path)

    monkeypatch.setattr(secret, "_make", make_at_once)
    with ThreadPoolExecutor(8) as several:
        keys = list(several.map(lambda _: signing_key(Settings(data=tmp_path)), range(8)))
    assert len(set(keys)) == 1


def test_a_key_half_written_by_another_process_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "viva.secret"
    file.write_text("ab" * 16)
    monkeypatch.setattr(time, "sleep", lambda _: file.write_text("ab" * 32 + "\n"))
    assert signing_key(Settings(data=tmp_path)) == "ab" * 32


def test_a_file_without_a_key_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "_PAUSE_S", 0)
    (tmp_path / "viva.secret").write_text("short\n")
    with pytest.raises(BrokenSecret, match=r"viva\.secret .*delete it"):
        signing_key(Settings(data=tmp_path))
