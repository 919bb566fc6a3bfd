"""What happens before the first request: folder, lock, migration, banks; each failure one line with what to do."""

import os
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session

from app.bank import queries
from app.bank.load import BrokenBank, Loaded, load
from app.core.clock import now
from app.core.db import Spine
from app.core.migrate import NewerDatabase, behind, upgrade
from app.core.settings import Settings
from app.people.secret import BrokenSecret, signing_key


class CannotStart(Exception):
    """Why the server cannot start and what to do, in one line."""


Tell = Callable[[str], None]


@contextmanager
def own_folder(settings: Settings) -> Iterator[None]:
    """Make the data folder and hold its lock: one server a SQLite file."""
    if not settings.is_sqlite:
        yield
        return
    database = Path(settings.url.removeprefix("sqlite:///"))
    folder = database.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f"{database.stem}.lock").open("a+")
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written ({error.strerror}); set VIVA_DATA to one that can."
        ) from None
    with lock:
        if not _locked(lock.fileno()):
            raise CannotStart(
                f"Another viva is using {folder}; stop it, or give this one its own folder with VIVA_DATA."
            )
        yield


def prepare(settings: Settings, tell: Tell) -> None:
    """Bring the database to this version and load the banks that changed."""
    ready_key(settings)
    with _database(settings) as spine:
        if settings.is_sqlite:
            if upgrade(spine.engine):
                tell(f"Database ready: {settings.url.removeprefix('sqlite:///')}")
        elif behind(spine.engine):
            raise CannotStart("The database is older than this version; run `viva db upgrade` first.")
        load_banks(spine, settings, tell)


def ready_key(settings: Settings) -> None:
    """Make or read the key that signs cookies before the first visitor comes."""
    try:
        signing_key(settings)
    except OSError as error:
        raise CannotStart(
            f"The key in {settings.data} cannot be used ({error.strerror}); set VIVA_DATA, or give VIVA_SECRET_KEY."
        ) from None
    except BrokenSecret as error:
        raise CannotStart(f"{str(error)[0].upper()}{str(error)[1:]}.") from None


def reload_banks(settings: Settings, tell: Tell) -> list[Loaded]:
    """Load the banks into a database that is up to date, beside a running server."""
    with _database(settings) as spine:
        if behind(spine.engine):
            raise CannotStart(
                "The database is not ready for this version; start `viva` once, or run `viva db upgrade`."
            )
        return load_banks(spine, settings, tell)


@contextmanager
def _database(settings: Settings) -> Iterator[Spine]:
    """The database, with each way in which it cannot be used as one line."""
    spine = Spine(settings.url)
    try:
        yield spine
    except NewerDatabase as error:
        raise CannotStart(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
    except IntegrityError:
        raise  # a fault of ours, not of the database
    except (DatabaseError, sqlite3.Error) as error:
        raise CannotStart(
            f"The database cannot be used ({getattr(error, 'orig', error)}); check VIVA_DATA or VIVA_DATABASE_URL."
        ) from None
    finally:
        spine.engine.dispose()


def load_banks(spine: Spine, settings: Settings, tell: Tell) -> list[Loaded]:
    """Load each bank; a broken one is refused, and the last good one goes on serving if there is one."""
    done: list[Loaded] = []
    for folder in settings.banks:
        if not (folder / "bank.yaml").is_file():
            raise CannotStart(f"There is no bank.yaml in {folder}; correct VIVA_BANKS.")
        with spine.session(writing=True) as db:
            try:
                done.append(load(db, folder, now()))
                db.commit()
            except BrokenBank as broken:
                db.rollback()
                _report(db, broken, tell)
                continue
        if not done[-1].unchanged:
            tell(f"Bank {done[-1].bank}: {done[-1].questions} questions, {done[-1].changed} changed.")
    return done


def _report(db: Session, broken: BrokenBank, tell: Tell) -> None:
    for fault in broken.faults[:200]:
        tell(str(fault))
    if not queries.banks(db):
        raise CannotStart(f"{len(broken.faults)} faults in {broken.folder}; correct them, then `viva bank check`.")
    tell(f"{len(broken.faults)} faults in {broken.folder}: the last good version goes on being served.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket: a taken port is known before anything else happens, and early visitors wait in line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay (40 ms an answer) off only where the protocol is named
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()
    except OSError as error:
        bound.close()
        raise CannotStart(
            f"Port {port} on {host} cannot be used ({error.strerror}); choose another with --port, or --port 0."
        ) from None
    bound.set_inheritable(True)
    return bound


def lan_address() -> str:
    """This machine's address in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostbyname(socket.gethostname())


def _locked(descriptor: int) -> bool:
    """An exclusive lock that the system gives back when the process ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
