"""The server itself: uvicorn on a bound socket, quiet logs, a graceful end on SIGTERM."""

import os
import socket
import threading
import webbrowser

import typer
import uvicorn
from fastapi import FastAPI

from app.core.settings import Settings
from app.main import create_app


def run(settings: Settings, bound: socket.socket, *, shown_host: str, open_browser: bool) -> None:
    """Serve until told to stop."""
    address = settings.public_url or _address(shown_host, bound.getsockname()[1])
    typer.echo(f"Viva is at {address}  (Ctrl+C stops it)")
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    if settings.workers == 1:
        uvicorn.Server(configuration(settings, create_app(settings))).run(sockets=[bound])
        return
    from uvicorn.supervisors import Multiprocess

    os.environ.update(environment(settings))
    config = configuration(settings, "app.serve:from_environment")
    Multiprocess(config, sockets=[bound]).run()


def configuration(settings: Settings, app: FastAPI | str) -> uvicorn.Config:
    """How uvicorn serves: one app, or the name of what makes one in each worker."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        http="httptools",
        access_log=False,
        log_config=logging_config(settings),
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        timeout_graceful_shutdown=15,
        backlog=2048,
        lifespan="on",
    )


def environment(settings: Settings) -> dict[str, str]:
    """The settings as worker processes read them; those given on the command line stand nowhere else."""
    separators = {"banks": os.pathsep, "trusted_proxies": ",", "allowed_hosts": ","}
    return {
        f"VIVA_{name.upper()}": separators[name].join(map(str, value)) if name in separators else str(value)
        for name, value in settings
    }


def from_environment() -> FastAPI:
    """The app of a worker process."""
    return create_app(Settings())


def logging_config(settings: Settings) -> dict[str, object]:
    """One line an event on standard error, plain or JSON; request lines hold the route, never the address."""
    formatter: dict[str, object] = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    if settings.log == "json":
        formatter = {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "viva": {"level": "INFO"},
            "viva.access": {"level": "INFO"},
            "uvicorn.error": {"level": "WARNING"},
        },
    }


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
