"""A quiz in a browser: started, its forms filled in, its right and wrong answers read from the server's database."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from sqlmodel import Session, create_engine, select

from app.attempts.journal import Entry, read
from app.attempts.models import Attempt
from app.items import Response
from tests.browser.chromium import Page, arrive, listening

Visit = Callable[..., Page]
ALL_TYPES = ("what-is-attention", "how-attention-works")  # together they have items of every type


def begin(page: Page, **wishes: object) -> str:
    """Start a quiz with items of every type, or other wishes, without its form; the quiz's address."""
    sent = urlencode({"questions": ALL_TYPES, **wishes}, doseq=True)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = page.request.post(f"{origin(page)}/quizzes", data=sent, headers=kind, max_redirects=0)
    assert answer.status == 303, answer.text()
    return answer.headers["location"]


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def entries(data: Path, quiz: str) -> dict[str, Entry]:
    """The first item of each type."""
    return {entry.item.type: entry for entry in reversed(all_entries(data, quiz))}


def all_entries(data: Path, quiz: str) -> list[Entry]:
    """The items of a quiz, as the database has them."""
    engine = create_engine(f"sqlite:///{data / 'viva.db'}")
    with Session(engine) as db:
        name = quiz.rpartition("/")[2]
        journal = read(db, db.exec(select(Attempt).where(Attempt.public_id == name)).one())
    engine.dispose()
    return list(journal.entries)


def place(entry: Entry) -> int:
    return entry.answer.position


def ask(page: Page, quiz: str, entry: Entry) -> Page:
    """Open an item of the quiz."""
    return arrive(page, f"{quiz}/items/{place(entry)}")


def fill(page: Page, response: Response) -> None:
    """Put an answer into the open item."""
    for name, values in response.items():
        for value in values:
            if name == "choice":
                page.locator(f'form.item input[value="{value}"]').check()
            elif name == "text":
                page.locator("form.item input[name=text]").fill(value)
            else:
                page.locator(f'form.item select[name="{name}"]').select_option(value)


def held(page: Page) -> Response:
    """What the open item's form holds, as it would be sent."""
    script = """(form) => [...new FormData(form)].filter(([name, value]) =>
      value && !["base", "flagged", "confidence"].includes(name))"""
    found: Response = {}
    for name, value in page.locator("form.item").evaluate(script):
        found.setdefault(name, []).append(value)
    return found


def press(page: Page, button: str) -> Page:
    """Press a button that sends the page, and wait for what comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
    listening(page)
    return page
