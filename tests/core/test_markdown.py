"""Markdown in, clean HTML out: what an author may write, and what hostile text comes to."""

import re
import time
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.markdown import MarkdownError, inline, plain, render

MATHS = set(
    "math mrow mi mo mn mtext mspace ms mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover"
    " mmultiscripts mprescripts mtable mtr mtd mpadded mphantom".split()
)
TAGS = set("p br hr em strong code pre blockquote ul ol li h3 h4 h5 table thead tbody tr th td a sup sub del".split())
ATTRIBUTES = {"href", "rel", "title", "scope", "start", "tabindex", "lang"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=https://x.example onclick=alert(1)>x</a>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,x)",
    "[a](vbscript:x)",
    "![a](data:image/png;base64,xx)",
    "![a](https://evil.example/x.png)",
    "[a](http://plain.example)",
    "[a](//evil.example)",
    '[a](https://x.example "t\\" onclick=alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    r"$\text{&#60;img src=x onerror=alert(1)&#62;}$",
]
LONG = {
    "5,000 quotes": "> " * 5000 + "x",
    "100,000 brackets": "[" * 100_000,
    "5,000 brackets": "[" * 5_000,
    "10,000 stars": "*a " * 3_300,
    "backticks": "`" * 20_000,
    "open images": "![[" * 1_600,
    "a wide table": "|".join("a" * 100) + "\n" + "|".join("-" * 100) + "\n" + "a\n" * 600,
    "dollars": "$" * 20_000,
    "401 formulas": "$x$ " * 401,
    "comments": "<!--" * 5_000,
}
PIECES = [
    *"**b** *e* `c` ``` # - > | |-| [ ] ( ) ! < > & \" ' \\ $x$ $ $$ 注意 \n \n\n --- 1. ~~ \ue000 0 \ue001".split(" "),
    *HOSTILE,
]


def tree(html: str) -> list[ET.Element]:
    """Every element of the answer, read as strictly as XML is."""
    closed = re.sub(r"<(br|hr)>", r"<\1/>", html).replace("&nbsp;", "&#160;")
    return list(ET.fromstring(f"<r>{closed}</r>").iter())[1:]


def assert_clean(html: str) -> None:
    for element in tree(html):
        assert element.tag in TAGS | MATHS, element.tag
        if element.tag in TAGS:
            assert set(element.attrib) <= ATTRIBUTES, element.attrib
        assert not any(name.startswith("on") for name in element.attrib)
        assert re.match("https://|$", element.get("href", "")), element.get("href")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c* `d`", "<p>a <strong>b</strong> <em>c</em> <code>d</code></p>"),
        ("### T", "<h3>T</h3>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<https://x.example>", '<p><a href="https://x.example" rel="noreferrer">https://x.example</a></p>'),
        ("由 **注意力** 得出", "<p>由 <strong>注意力</strong> 得出</p>"),
    ],
)
def test_what_an_author_writes(text: str, html: str) -> None:
    assert str(render(text)).strip() == html


def test_tables_have_headers_for_columns() -> None:
    assert '<th scope="col">a</th>' in render("|a|b|\n|-|-|\n|1|$x$|")


def test_formulas_of_both_kinds_become_mathml() -> None:
    html = render("Let $n$ be\n\n$$n^2$$\n\nlong.")
    assert html.count("<math ") == 2 and 'display="block"' in html and "$" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_dead_text(text: str) -> None:
    html = str(render(text))
    assert_clean(html)
    assert not re.search(r"<(script|img|svg)|href=\"(?!https://)", html, re.I)


@pytest.mark.parametrize("what", LONG)
def test_long_hostile_text_is_done_or_refused_at_once(what: str) -> None:
    began = time.process_time()
    try:
        render(LONG[what])
    except MarkdownError as refusal:
        assert len(str(refusal)) > 20
    assert time.process_time() - began < 2


@pytest.mark.parametrize("text", ["\ue000", "a \ue0010", "\ue0000\ue001 $x$"])
def test_our_own_marks_are_refused_in_a_text(text: str) -> None:
    with pytest.raises(MarkdownError, match="private-use"):
        render(text)


@pytest.mark.parametrize("text", ["&#xe000;7&#xe001;", "&#57344;0&#57345; $x$"])
def test_our_own_marks_are_refused_as_entities_too(text: str) -> None:
    """An entity is decoded after the text was looked through, and the number inside is then looked up."""
    with pytest.raises(MarkdownError):
        render(text)


def test_a_bad_formula_is_named() -> None:
    with pytest.raises(MarkdownError, match=r"\\foo"):
        render(r"fine, then $\foo$")


@pytest.mark.parametrize("text", ["# a", "- a", "a\n\nb", "> a", "```\na\n```", "---"])
def test_a_line_is_one_paragraph(text: str) -> None:
    with pytest.raises(MarkdownError, match="one line"):
        inline(text)


def test_a_line_loses_its_paragraph() -> None:
    assert inline("a *b*\n") == "a <em>b</em>"


def test_search_sees_words_without_marks() -> None:
    assert plain("**bold** `code` $\\frac{a}{b}$ [x]") == "bold code frac a b x"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text("ab <>&\"'=:/[]()`*_#|\\$!\n", max_size=6), max_size=25).map("".join))
def test_any_mixture_is_refused_or_clean(text: str) -> None:
    try:
        html = str(render(text))
    except MarkdownError:
        return
    assert_clean(html)


def test_a_table_is_bounded() -> None:
    with pytest.raises(MarkdownError, match="split it"):
        render("|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "|x\n" * 9_000)
