"""Browsers for benchmarks: one kept connection each, cookies, forms and JSON, and nothing that costs time."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlencode

Sent: TypeAlias = dict[str, object]


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes


@dataclass
class Times:
    """Seconds and statuses of requests of one kind."""

    took: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        return 1000 * sorted(self.took)[int(share * (len(self.took) - 1))]

    def count(self, fits: Callable[[int], bool]) -> int:
        return sum(map(fits, self.statuses))


class Browser:
    """One person at one server."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie = port, ""

    async def open(self) -> "Browser":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def reopen(self) -> None:
        """After a pause, in which the server closes a connection that is kept for nothing."""
        self.close()
        await self.open()

    def close(self) -> None:
        self._writer.close()

    async def form(self, path: str, fields: Sent, times: Times) -> Answer:
        return await self._ask("POST", path, urlencode(fields), "application/x-www-form-urlencoded", times)

    async def put(self, path: str, sent: Sent, times: Times) -> Answer:
        return await self._ask("PUT", path, json.dumps(sent), "application/json", times)

    async def get(self, path: str, times: Times) -> Answer:
        return await self._ask("GET", path, "", "text/plain", times)

    async def _ask(self, method: str, path: str, text: str, kind: str, times: Times) -> Answer:
        body = text.encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        began = time.perf_counter()
        self._writer.write(f"{head}{self.cookie}\r\n".encode() + body)
        answer = await self._read()
        times.took.append(time.perf_counter() - began)
        times.statuses.append(answer.status)
        return answer

    async def _read(self) -> Answer:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if cookie := re.search(r"(?i)\r\nset-cookie: ([^;\r]+)", head):
            self.cookie = f"Cookie: {cookie[1]}\r\n"
        length = re.search(r"(?i)\r\ncontent-length: (\d+)", head)
        location = re.search(r"(?i)\r\nlocation: ([^\r]+)", head)
        body = await self._reader.readexactly(int(length[1]) if length else 0)
        return Answer(int(head[9:12]), location[1] if location else "", body)
