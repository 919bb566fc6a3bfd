"""A real server process on a folder of its own, to be killed and started again."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2


class Server:
    """The process and its address."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address

    def browser(self, cookies: dict[str, str] | None = None) -> httpx2.Client:
        return httpx2.Client(base_url=self.address, cookies=cookies, timeout=30, headers={"accept-language": "en"})

    def kill(self) -> None:
        """As a power cut would: no time to say goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def server(folder: Path, bank: Path) -> Iterator[Server]:
    """`viva serve` on this folder and bank."""
    environment = {**os.environ, "VIVA_DATA": str(folder), "VIVA_BANKS": str(bank), "VIVA_PORT": "0"}
    command = [sys.executable, "-m", "app", "serve"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True) as process:
        try:
            assert process.stdout
            told = next((line for line in process.stdout if "Viva is at" in line), "")
            address = re.search(r"http://\S+", told)
            assert address, "the server did not start"
            yield Server(process, address[0])
        finally:
            process.kill()
