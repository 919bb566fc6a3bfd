"""The command `viva`: serve, check and load banks, upgrade the database."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from app.core.settings import Settings
from app.version import VERSION

# one thread a request: threads of the numeric library would only compete for the same cores
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

cli = typer.Typer(
    help="Viva: the attention interview, practised live. Plain `viva` serves.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
bank_cli = typer.Typer(help="Check and load question banks.", no_args_is_help=True)
db_cli = typer.Typer(help="Look after the database.", no_args_is_help=True)
cli.add_typer(bank_cli, name="bank")
cli.add_typer(db_cli, name="db")

Host = Annotated[str | None, typer.Option(help="The address to listen on [VIVA_HOST, 127.0.0.1].")]
Port = Annotated[int | None, typer.Option(help="The port; 0 = any free one [VIVA_PORT, 8000].")]
Lan = Annotated[bool, typer.Option("--lan", help="Listen on every address and print this machine's own.")]
Workers = Annotated[int | None, typer.Option(help="Processes; more than 1 needs PostgreSQL [VIVA_WORKERS, 1].")]
Open = Annotated[bool, typer.Option("--open", help="Open the address in a browser.")]
DatabaseUrl = Annotated[str | None, typer.Option(help="Another database [VIVA_DATABASE_URL].")]


def main() -> None:
    """The entry point of the command."""
    cli(prog_name="viva")


@cli.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"viva {VERSION}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve(
    host: Host = None,
    port: Port = None,
    lan: Lan = False,
    workers: Workers = None,
    open_: Open = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Serve the app; 127.0.0.1:8000 unless told otherwise."""
    from app import start
    from app.serve import run

    settings = _settings(host="0.0.0.0" if lan else host, port=port, workers=workers, database_url=database_url)
    with _one_line(), start.own_folder(settings):
        if lan:
            address = start.lan_address()
            settings = settings.model_copy(update={"allowed_hosts": (*settings.allowed_hosts, address)})
        bound = start.listen(settings.host, settings.port)
        start.prepare(settings, typer.echo)
        run(settings, bound, shown_host=start.lan_address() if lan else settings.host, open_browser=open_)


@bank_cli.command("check")
def bank_check(
    folder: Annotated[Path | None, typer.Argument(help="A bank's folder [VIVA_BANKS].")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="Variants of each item that are proved.")] = 200,
) -> None:
    """Name every fault of every file, with its line, and prove every item; exit 1 if there is a fault."""
    from app.attempts.show import demo_of
    from app.bank.load import checked
    from app.bank.prove import proved

    faults = 0
    for path in [folder] if folder else _settings().banks:
        found = checked(path)
        proof = proved(path, found, demo_of, seeds)
        for fault in sorted({*found.faults, *proof.faults}):
            typer.echo(str(fault), err=True)
        faults += len(found.faults) + len(proof.faults)
        told = f"{len(found.questions)} questions, {proof.items} items ({proof.computed} computed)"
        typer.echo(f"{path}: {told} proved over {seeds} seeds, {len(found.faults) + len(proof.faults)} faults")
    raise typer.Exit(1 if faults else 0)


@bank_cli.command("load")
def bank_load() -> None:
    """Load the banks of VIVA_BANKS into the database; a broken one changes nothing."""
    from app import start

    settings = _settings()
    with _one_line():
        done = start.reload_banks(settings, typer.echo)
    for loaded in done:
        typer.echo(f"{loaded.bank}: {'unchanged' if loaded.unchanged else 'loaded'}, {loaded.questions} questions")
    raise typer.Exit(0 if len(done) == len(settings.banks) else 1)


@db_cli.command("upgrade")
def db_upgrade(database_url: DatabaseUrl = None) -> None:
    """Bring the database to this version; a SQLite file is copied beside itself first."""
    from app import start
    from app.core.db import make_engine
    from app.core.migrate import NewerDatabase, current, upgrade

    settings = _settings(database_url=database_url)
    with _one_line(), start.own_folder(settings):
        engine = make_engine(settings.url)
        try:
            changed = upgrade(engine)
        except NewerDatabase as error:
            raise start.CannotStart(str(error)) from None
        typer.echo(f"{'upgraded to' if changed else 'already at'} revision {current(engine)}")


def _settings(**given: Any) -> Settings:
    """Settings from the environment and the command line; what cannot be used is named, one line each."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            name = f"VIVA_{str(wrong['loc'][0]).upper()}: " if wrong["loc"] else ""
            typer.echo(f"{name}{wrong['msg'].removeprefix('Value error, ')}", err=True)
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}", err=True)
    sys.exit(2)


@contextmanager
def _one_line() -> Iterator[None]:
    from app.start import CannotStart

    try:
        yield
    except CannotStart as error:
        _fail(str(error))


def _fail(line: str) -> NoReturn:
    typer.echo(line, err=True)
    sys.exit(1)
