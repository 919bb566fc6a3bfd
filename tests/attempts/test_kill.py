"""A server that is killed in the middle of a burst of saves: nothing acknowledged is lost, and everything goes on."""

import asyncio
import re
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from app.attempts.settle import sweep
from app.core.db import Spine
from tests.attempts.server import Server, server
from tests.cast import address, stored

BURST = 40  # saves acknowledged before the power is cut


def burst(at: Server, cookies: dict[str, str], quiz: str) -> dict[int, str]:
    """Eight tabs save without a pause until the server is gone; the last text of each that was acknowledged."""
    kept: dict[int, str] = {}
    count, enough = [0], threading.Event()

    def tab(position: int) -> None:
        with at.browser(cookies) as browser:
            for revision in range(10_000):
                text = f"{position}: {revision}"
                sent = {"base": revision, "response": {"text": [text]}}
                try:
                    answer = browser.put(address(quiz, position), json=sent)
                except httpx2.TransportError:
                    return
                assert answer.status_code == 200
                kept[position] = text
                count[0] += 1
                if count[0] >= BURST:
                    enough.set()

    tabs = [threading.Thread(target=tab, args=(position,)) for position in range(1, 9)]
    for one in tabs:
        one.start()
    assert enough.wait(60)
    at.kill()
    for one in tabs:
        one.join()
    return kept


def start(browser: httpx2.Client) -> str:
    form = {"count": "60", "review": "at_end", "pace": "2", "start_key": "before-the-power-cut"}
    return browser.post("/quizzes", data=form).headers["location"].removeprefix("/quizzes/")


def seen(browser: httpx2.Client, quiz: str) -> list[str]:
    """Each item as it is asked: stem and choices with their handles, in their order."""
    pages = [browser.get(f"/quizzes/{quiz}/items/{place}").text for place in range(1, 9)]
    stems = [re.search(r'<legend class="stem.*?</legend>', page, re.S) for page in pages]
    handles = [re.findall(r'(?:value|name)="[a-z-]*([2-9a-z]{4})"', page) for page in pages]
    return [f"{stem and stem[0]} {shown}" for stem, shown in zip(stems, handles, strict=True)]


def hurry(folder: Path, quiz: str) -> None:
    """Move the deadline to two minutes ago."""
    past = datetime.now(UTC) - timedelta(minutes=2)
    with sqlite3.connect(folder / "viva.db") as database:
        wanted = "UPDATE attempt SET deadline = ? WHERE public_id = ?"
        assert database.execute(wanted, (f"{past:%Y-%m-%d %H:%M:%S.%f}", quiz)).rowcount == 1
    database.close()


def test_a_killed_server_loses_nothing_and_the_quiz_goes_on_anywhere(tmp_path: Path, small: Path) -> None:
    spine = Spine(f"sqlite:///{tmp_path / 'viva.db'}")
    with server(tmp_path, small) as first, first.browser() as ada:
        quiz = start(ada)
        code = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", ada.post("/resume/code").text)
        before, cookies = seen(ada, quiz), dict(ada.cookies)
        frozen = frozen_in(spine, quiz)
        kept = burst(first, cookies, quiz)
    with server(tmp_path, small) as second, second.browser(cookies) as ada, second.browser() as elsewhere:
        assert seen(ada, quiz) == before and len(set(before)) == 8
        assert frozen_in(spine, quiz) == frozen
        assert _lost(kept, spine, quiz) == {}
        assert code and elsewhere.post("/resume", data={"code": code[0]}).status_code == 303
        revision = stored(spine, quiz).at(1).answer.revision
        sent = {"base": revision, "response": {"text": ["from another device"]}}
        assert elsewhere.put(address(quiz, 1), json=sent).status_code == 200
        assert "from another device" in str(stored(spine, quiz).at(1).response)
        left = ada.get(f"/api/v1/attempts/{quiz}/clock").json()["remaining_ms"] / 1000
        deadline = stored(spine, quiz).attempt.deadline
        assert deadline and abs((deadline - datetime.now(UTC)).total_seconds() - left) < 5
        assert start(ada) == quiz  # the form sent once more finds it as well
        second.kill()
    hurry(tmp_path, quiz)
    assert asyncio.run(sweep(spine, datetime.now(UTC))) == 1
    assert (stored(spine, quiz).attempt.state, stored(spine, quiz).attempt.max_score) == ("expired", 8)
    with spine.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    spine.engine.dispose()


def frozen_in(spine: Spine, quiz: str) -> tuple[object, ...]:
    """Deadline, versions and variants: what no restart may change."""
    held = stored(spine, quiz)
    return held.attempt.deadline, *((entry.answer.item_version_id, entry.answer.variant) for entry in held.entries)


def _lost(kept: dict[int, str], spine: Spine, quiz: str) -> dict[int, str]:
    """Acknowledged texts that are neither stored nor followed by a later one of the same tab."""
    now = {entry.answer.position: entry.response.get("text", ["0: -1"])[0] for entry in stored(spine, quiz).entries}
    return {at: text for at, text in kept.items() if int(now[at].split(": ")[1]) < int(text.split(": ")[1])}
