"""The pages that every check visits, and what is listened to while one opens."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.paths import TEMPLATES
from tests.browser import quiz
from tests.browser.chromium import ConsoleMessage, Page, listening

QUESTION = "/questions/4-multi-head-attention"


@dataclass(frozen=True)
class Address:
    """A page by a short name; `both` sets English and Chinese side by side."""

    name: str
    path: str
    status: int = 200
    both: bool = False


GUIDES = sorted(path.stem for path in (TEMPLATES / "guide").glob("[a-z]*.html"))
PAGES = [
    Address("home", "/"),
    Address("questions", "/questions"),
    Address("no question found", "/questions?q=nothinglikethis"),
    Address("question", QUESTION),
    Address("question, both", QUESTION, both=True),
    Address("demos", "/demos"),
    Address("demo, softmax", "/demos/attention?stage=softmax&mask=causal"),
    Address("demo, project", "/demos/attention?stage=project"),
    Address("demo, cross, window", "/demos/attention?tokens=the+cat+sat&memory_tokens=le+chat+assis&mask=window"),
    Address("demo, long", f"/demos/attention?tokens={'attention+is+all+you+need+' * 3}&embed_dim=16"),
    Address("demo, not possible", "/demos/attention?tokens=&head=99&scale=9", status=422),
    Address("demo, numbers", "/demos/attention?q=1+0&k=1+0;0+1;1+1&v=10;0;5&beside=softmax_over_queries"),
    Address("demo, bug", "/demos/attention?mask=causal&beside=mask_after_softmax"),
    Address("demo, numbers not possible", "/demos/attention?q=1+x&k=1+0&scores=1", status=422),
    Address("quizzes", "/quizzes"),
    Address("new quiz", "/quizzes/new"),
    Address("item", "/quizzes/{quiz}/items/1"),
    Address("item, answered", "/quizzes/{quiz, answered}/items/1"),
    Address("map", "/quizzes/{quiz, answered}/map"),
    Address("result", "/quizzes/{quiz, over}/result"),
    Address("resume", "/resume"),
    Address("about", "/about"),
    *(Address(f"guide, {name}", f"/guide/{name}") for name in GUIDES),
    Address("API", "/api"),
    Address("problem", "/problems/invalid"),
    Address("not found", "/nowhere", status=404),
]


@dataclass
class Opened:
    """A page that was opened, with everything it asked for and complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0

    def hear(self, line: ConsoleMessage) -> None:
        """The browser's own line about a page that answers 404 or 422 is no complaint."""
        own = line.location["url"] == self.page.url and line.text.startswith("Failed to load resource")
        if line.type in ("error", "warning") and not own:
            self.complaints.append(line.text)

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.asked if not url.startswith(("data:", "about:"))}

    @property
    def violations(self) -> list[str]:
        return list(self.page.evaluate("violations"))


def opened(page: Page, origin: str, address: Address, language: str) -> Opened:
    """Open the page and go on listening to it."""
    found = Opened(page)
    page.on("request", lambda request: found.asked.append(request.url))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("console", found.hear)
    chosen = {"viva_lang": language, "viva_both": "1" if address.both else "0"}
    page.context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in chosen.items()])
    answer = page.goto(origin + begun(page, origin, address.path))
    assert answer
    found.headers, found.status = dict(answer.headers), answer.status
    return found


def begun(page: Page, origin: str, path: str) -> str:
    """The path with a quiz of this reader's own in place of `{quiz}`, its first item answered or all of it over."""
    before, brace, rest = path.partition("{")
    if not brace:
        return path
    state, _, after = rest.partition("}")
    page.goto(origin + "/quizzes")
    address = quiz.begin(page, questions="", type="single", count=3)
    if state != "quiz":
        page.goto(f"{origin}{address}/items/1")
        listening(page)
        page.locator("form.item input[name=choice]").first.check()
        page.locator("input[name=confidence]").last.check()
        page.locator("button[value=check]").click()
        page.wait_for_selector(".answered-item")
    if state == "quiz, over":
        page.request.post(f"{origin}{address}/submission")
    return before.removesuffix("/quizzes/") + address + after
