"""Markdown with `$maths$` in, clean HTML out: the only door of markdown-it and nh3."""

import re
from collections.abc import Callable
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from app.core.maths import MathsError, mathml

MAX_TEXT = 60_000
MAX_FORMULAS = 400
MAX_CELLS = 10_000
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks around a formula's number; refused in the text itself
_PRIVATE = "the text holds the private-use characters U+E000 or U+E001; remove them"
_TAGS = set("p br hr em strong code pre blockquote ul ol li h3 h4 h5 table thead tbody tr th td a sup sub del".split())


class MarkdownError(ValueError):
    """A text that cannot be shown, with the reason in plain words."""


def render(text: str) -> Markup:
    """HTML of one text: raw HTML stays text, links keep only https, formulas become checked MathML."""
    if len(text) > MAX_TEXT:
        raise MarkdownError(f"a text of {len(text)} characters; {MAX_TEXT} are allowed")
    if _OPEN in text or _CLOSE in text:
        raise MarkdownError(_PRIVATE)
    if "|" in text and _cells(text) > MAX_CELLS:
        raise MarkdownError(f"a table of more than {MAX_CELLS} cells; split it")
    formulas: list[str] = []
    try:
        html = _parser().render(text, {"formulas": formulas})
    except RecursionError:
        raise MarkdownError("the text is nested too deeply") from None
    html = html.replace("<table>", '<table tabindex="0">').replace("<pre>", '<pre tabindex="0">')  # they may scroll
    marks = re.findall(f"{_OPEN}(\\d+){_CLOSE}", html)
    if marks != [str(number) for number in range(len(formulas))] or html.count(_OPEN) != len(formulas):
        raise MarkdownError(_PRIVATE)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "th": {"scope"}, "ol": {"start"}, "pre": {"tabindex"}, "table": {"tabindex"}},
        url_schemes={"https"},
        attribute_filter=_absolute,
        link_rel="noreferrer",
    )
    return Markup(re.sub(f"{_OPEN}(\\d+){_CLOSE}", lambda found: formulas[int(found[1])], clean))


def _cells(text: str) -> int:
    """The most cells a table of these lines can have: short rows are filled up to the widest."""
    rows = [line.count("|") + 1 for line in text.split("\n") if line.strip()]
    return max(rows, default=0) * len(rows)


def _absolute(_tag: str, name: str, value: str) -> str | None:
    """A link names its site in full: `//host` would follow the scheme to anywhere."""
    return None if name == "href" and not value.startswith("https://") else value


def inline(text: str) -> Markup:
    """Like `render`, for a title or a line: the single paragraph's content without its tag."""
    html = str(render(text)).strip()
    single = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    if not single and html:
        raise MarkdownError("one line of text was expected here, without lists, headings or blank lines")
    return Markup(html.removeprefix("<p>").removesuffix("</p>"))


def plain(text: str) -> str:
    """The words of a text without marks, for search."""
    return " ".join(re.sub(r"[*_`$\\{}#>|\[\]]+", " ", text).split())


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table"])
    dollarmath_plugin(parser, allow_labels=False, allow_blank_lines=False, double_inline=True)
    for rule, block in (("math_inline", False), ("math_inline_double", True), ("math_block", True)):
        parser.add_render_rule(rule, _keeper(block))
    parser.add_render_rule("th_open", lambda *_: '<th scope="col">')
    return parser


def _keeper(block: bool) -> Callable[..., str]:
    """A rule that sets the formula aside and leaves its number in the text."""

    def keep(self: object, tokens: list, index: int, options: object, env: dict) -> str:  # type: ignore[type-arg]
        formulas: list[str] = env["formulas"]
        if len(formulas) >= MAX_FORMULAS:
            raise MarkdownError(f"more than {MAX_FORMULAS} formulas in one text; split it")
        try:
            formulas.append(mathml(tokens[index].content.strip(), block=block))
        except MathsError as error:
            raise MarkdownError(str(error)) from None
        mark = f"{_OPEN}{len(formulas) - 1}{_CLOSE}"
        return f"<p>{mark}</p>\n" if tokens[index].type == "math_block" else mark

    return keep
