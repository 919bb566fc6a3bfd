"""LaTeX in, MathML Core out: the only door of latex2mathml, and a narrow one."""

import re
import xml.etree.ElementTree as ET  # parses latex2mathml's own output, whose length is bounded here
from functools import lru_cache

MAX_LENGTH = 1_000
MAX_DEPTH = 40
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = frozenset(
    "math mrow mi mo mn mtext mspace ms mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover"
    " mmultiscripts mprescripts mtable mtr mtd mpadded mphantom".split()
)
_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel mathvariant stretchy fence form accent accentunder movablelimits"
    " largeop symmetric minsize maxsize lspace rspace width height depth linethickness columnalign".split()
)
_VALUE = re.compile(r"[-+.\w% ]{0,40}")
_COMMAND = re.compile(r"\\[A-Za-z]+")


class MathsError(ValueError):
    """A formula that may not be shown, with the reason in plain words."""


@lru_cache(maxsize=8192)
def mathml(latex: str, *, block: bool = False) -> str:
    """MathML for one formula; raises MathsError for anything that is not plain, bounded mathematics."""
    _refuse_size(latex)
    from latex2mathml.converter import convert

    try:
        tree = ET.fromstring(convert(latex, display="block" if block else "inline"))
    except Exception as error:  # many kinds, IndexError among them; `\\text{<b>}` is not escaped and ends here
        raise MathsError(f"the formula {_short(latex)} cannot be read: {error or type(error).__name__}") from None
    _refuse_foreign(tree, latex)
    ET.register_namespace("", _NAMESPACE)
    return ET.tostring(tree, encoding="unicode").replace(f' xmlns="{_NAMESPACE}"', "")


def _refuse_size(latex: str) -> None:
    if not latex.strip():
        raise MathsError("a formula is empty; write it between the dollar signs, or remove them")
    if len(latex) > MAX_LENGTH:
        raise MathsError(f"a formula of {len(latex)} characters; {MAX_LENGTH} are allowed, split it")
    depth = deepest = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or latex.count("\\left") > MAX_DEPTH or latex.count("\\begin") > MAX_DEPTH:
        raise MathsError(f"the formula {_short(latex)} is nested deeper than {MAX_DEPTH}")
    if re.search(r"[\^_]{3,}|(?:\\(?:sqrt|frac|hat|bar|tilde|vec)\s*){12,}", latex):
        raise MathsError(f"the formula {_short(latex)} stacks too many commands without braces")


def _refuse_foreign(tree: ET.Element, latex: str) -> None:
    for element in tree.iter():
        name = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
        if name not in _ELEMENTS:
            raise MathsError(f"the formula {_short(latex)} makes <{name}>, which is not MathML Core")
        for key, value in list(element.attrib.items()):
            if key not in _ATTRIBUTES or not _VALUE.fullmatch(value):
                del element.attrib[key]
        text = element.text or ""
        if name in ("mi", "mo") and ("\\" in text or "&" in text):
            command = _COMMAND.search(text)
            raise MathsError(
                f"{command[0] if command else 'a bare & or backslash'} in {_short(latex)} is not known here;"
                " write it with the commands of plain LaTeX maths (\\operatorname{softmax}, \\frac, \\sqrt, ...)"
            )


def _short(latex: str) -> str:
    return f"“{latex if len(latex) <= 60 else latex[:57] + '…'}”"
