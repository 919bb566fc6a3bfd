"""LaTeX in, MathML Core out: what a bank may write, and what hostile input comes to."""

import time
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.maths import MathsError, mathml

ELEMENTS = set(
    "math mrow mi mo mn mtext mspace ms mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover"
    " mmultiscripts mprescripts mtable mtr mtd mpadded mphantom".split()
)
PLAIN = [
    r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
    r"e_{ij}=v^\top\tanh(W s_{i-1}+U h_j)",
    r"\sum_{j=1}^{n}\alpha_j v_j,\qquad \alpha_j\ge 0",
    r"\begin{bmatrix}1&2\\3&4\end{bmatrix}",
    r"x\in\mathbb{R}^{n\times d}",
    r"O(n^2 d)",
    r"\text{若 } n>2d",
]
REFUSED = {
    "an image in text": r"\text{<img src=x onerror=alert(1)>}",
    "a script in text": r"\text{<script>alert(1)</script>}",
    "1,001 characters": "x" * 1001,
    "41 braces deep": "{" * 41 + "x" + "}" * 41,
    "400 bare fractions": r"\frac" * 400,
    "190 bare fractions": r"\frac" * 190,
    "100 left brackets": r"\left(" * 100,
    "an unknown command": r"\foo",
    "a file": r"\includegraphics{http://evil.example/x}",
    "an address": r"\url{javascript:alert(1)}",
    "a struck-out term": r"\cancel{x}",
    "a macro that grows": r"\def\a{\a\a}\a",
    "a NUL": "x\x00y",
    "300 carets": "^" * 300,
    "an end of CDATA": r"\text{]]>}",
    "an open matrix": r"\begin{matrix}" * 30,
    "500 primes of primes": "x_" * 499,
}
HARMLESS = [
    r"\href{javascript:alert(1)}{x}",
    r"\style{background:url(//evil.example)}{x}",
    r"\class{x}{y}",
    r"\color{red}x",
    r"\text{&#60;script&#62;}",
    r"\operatorname{<script>}",
    r"\unicode{x3c}",
    "<script>alert(1)</script>",
]
PIECES = [
    *r"\frac \sqrt \left( \right) \text{ \href{ \style{ \mathbf \begin{matrix} \end{matrix} \\ \hat".split(),
    *"{ } ^ _ & < > \" ' # % x 1 = 注 javascript: onclick=alert(1) <img <!-- ]]> &lt; &#60;".split(),
]


def elements(html: str) -> list[ET.Element]:
    """Every element of a formula; it must parse as XML, which scripts' tricks do not."""
    return list(ET.fromstring(html).iter())


@pytest.mark.parametrize("latex", PLAIN)
def test_plain_mathematics_becomes_mathml(latex: str) -> None:
    found = elements(mathml(latex))
    assert found[0].tag == "math" and {element.tag for element in found} <= ELEMENTS
    assert not any("\\" in (element.text or "") for element in found)


@pytest.mark.parametrize(("block", "display"), [(True, "block"), (False, "inline")])
def test_a_formula_on_its_own_line_is_a_block(block: bool, display: str) -> None:
    assert elements(mathml("x^2", block=block))[0].get("display") == display


@pytest.mark.parametrize("what", REFUSED)
def test_hostile_latex_is_refused_at_once(what: str) -> None:
    began = time.process_time()
    with pytest.raises(MathsError) as refusal:
        mathml(REFUSED[what])
    assert time.process_time() - began < 1 and len(str(refusal.value)) > 20


@pytest.mark.parametrize("latex", HARMLESS)
def test_what_could_act_comes_out_dead(latex: str) -> None:
    for element in elements(mathml(latex)):
        assert element.tag in ELEMENTS
        assert not {name for name in element.attrib if name.startswith("on") or name in ("href", "style", "class")}


def test_a_refusal_names_the_command() -> None:
    with pytest.raises(MathsError, match=r"\\foo .*not known"):
        mathml(r"a + \foo b")


@pytest.mark.parametrize("latex", ["", " "])
def test_an_empty_formula_says_so(latex: str) -> None:
    with pytest.raises(MathsError, match="empty"):
        mathml(latex)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_mixture_is_refused_or_safe(latex: str) -> None:
    try:
        found = elements(mathml(latex))
    except MathsError:
        return
    names = {name for element in found for name in element.attrib}
    assert {element.tag for element in found} <= ELEMENTS
    assert not any(name.startswith("on") or name in ("href", "style", "src", "class") for name in names)
