"""The key that signs cookies: a setting, or a file that the first process makes."""

import os
import secrets
import time
from pathlib import Path

from app.core.settings import Settings

FILE = "viva.secret"
KEY_BYTES = 32
SHORTEST = 32  # characters
_TRIES, _PAUSE_S = 40, 0.05  # how long the maker of the file may take to write its one line


class BrokenSecret(RuntimeError):
    """The file holds no key."""


def signing_key(settings: Settings) -> str:
    """The server's key, the same in every process; a missing file is made, readable by its owner only.

    Raises OSError where the folder cannot be used and BrokenSecret where the file holds no key.
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Write a new key, unless another process was first."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> str:
    """The key in the file; whoever made it may still be writing."""
    for _ in range(_TRIES):
        text = path.read_text(encoding="utf8")
        if text.endswith("\n") and len(text.strip()) >= SHORTEST:
            return text.strip()
        time.sleep(_PAUSE_S)
    raise BrokenSecret(f"{path} holds no key of {SHORTEST} characters on a line; delete it, and a new one is made")
