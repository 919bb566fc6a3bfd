"""From a text to an expression whose every part is on the list of what is allowed; nothing is computed here."""

import ast
import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from .errors import ExpressionError
from .language import CONSTANTS, TYPES, Dialect
from .methods import ATTRIBUTES, METHODS
from .operators import SIGNS
from .reading import Reading, read
from .tokens import checked_text

_MOST_NAMES = 12  # named in a message
_MOST_WORDING = 40  # characters quoted in a message


@dataclass(frozen=True)
class Expression:
    """What was typed, read and checked; `names` are those it needs values for."""

    source: str
    dialect: Dialect
    names: frozenset[str]
    _tree: ast.expr = field(repr=False, compare=False)
    _reading: Reading = field(repr=False, compare=False)

    def column(self, node: ast.expr) -> int:
        """Where the node begins in the source, from 1."""
        return _column(self._reading, node)

    def wording(self, node: ast.expr) -> str:
        return _wording(self._reading, node)


def parse(source: str, dialect: Dialect = Dialect.LEARNER, known: Collection[str] | None = None) -> Expression:
    """Raises ExpressionError, also for a name that is neither of the language nor `known`, unless that is None."""
    reading = read(source, dialect.bounds.characters)
    tree = _tree(reading, checked_text(reading, dialect.bounds))
    checker = _Checker(reading, dialect, frozenset(known or ()))
    checker.check(tree)
    if known is not None:
        for name, node in checker.free.items():
            if name not in known:
                raise unknown_name(name, dialect, known, _column(reading, node))
    return Expression(source, dialect, frozenset(checker.free), tree, reading)


def unknown_name(name: str, dialect: Dialect, known: Collection[str], column: int) -> ExpressionError:
    """Says which name may have been meant, or which there are."""
    candidates = [*sorted(known), *dialect.functions, *CONSTANTS]
    same = [one for one in candidates if one.lower() == name.lower()]
    near = same or difflib.get_close_matches(name, candidates, n=1, cutoff=0.7)
    if near:
        return ExpressionError("unknown-name-near", column, name=name, near=near[0])
    names = ", ".join([*sorted(known), *dialect.functions][:_MOST_NAMES])
    return ExpressionError("unknown-name", column, name=name, names=names + ", …")


def _tree(reading: Reading, text: str) -> ast.expr:
    try:
        tree = ast.parse(f"({text})", mode="eval").body
    except SyntaxError as error:
        offset = (error.offset or 2) - 2
        part = text[max(offset, 0) :].split()[:1] or [text.split()[-1]]
        raise ExpressionError("syntax", reading.column(offset), part=part[0][:20]) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError("too-deep") from None
    return tree


def _column(reading: Reading, node: ast.AST) -> int:
    return reading.column(getattr(node, "col_offset", 1) - 1)  # 1 for the bracket around the text


def _wording(reading: Reading, node: ast.expr) -> str:
    """How the node is written, cut short; never `ast.unparse`, which recurses as deep as the text goes."""
    text = reading.text[max(node.col_offset - 1, 0) : (node.end_col_offset or 1) - 1]
    return text if len(text) <= _MOST_WORDING else text[: _MOST_WORDING - 1] + "…"


class _Checker:
    """Walks the tree once: counts its parts, knows every kind of node, and collects the free names."""

    def __init__(self, reading: Reading, dialect: Dialect, known: frozenset[str]) -> None:
        self.free: dict[str, ast.expr] = {}
        self._reading = reading
        self._dialect = dialect
        self._known = known
        self._count = 0
        self._bound: list[str] = []

    def check(self, node: ast.expr, depth: int = 1) -> None:
        bounds = self._dialect.bounds
        self._count += 1
        if depth > bounds.depth:
            raise ExpressionError("too-deep", _column(self._reading, node))
        if self._count > bounds.parts:
            raise ExpressionError("too-many-parts", count=self._count, limit=bounds.parts)
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            self._comprehension(node, depth)
            return
        for part in self._parts(node):
            self.check(part, depth + 1)

    def _parts(self, node: ast.expr) -> Iterator[ast.expr]:
        """The parts of an allowed node that are expressions themselves."""
        match node:
            case ast.Constant(value=value) if value is None or value is Ellipsis or isinstance(value, (int, float)):
                pass
            case ast.Name():
                self._name(node)
            case ast.BinOp() | ast.UnaryOp() | ast.BoolOp():
                if type(node.op) not in SIGNS:
                    raise self._refused(node)
                yield from _children(node)
            case ast.Compare():
                if any(type(op) not in SIGNS for op in node.ops):
                    raise self._refused(node)
                yield from _children(node)
            case ast.IfExp() | ast.Tuple() | ast.List() | ast.Slice() | ast.Subscript():
                yield from _children(node)
            case ast.Attribute():
                self._attribute(node)
                yield node.value
            case ast.Call():
                yield from self._call(node)
            case _:
                raise self._refused(node)

    def _name(self, node: ast.Name) -> None:
        name = node.id
        if name in self._bound or (name in CONSTANTS and name not in self._known):
            return
        if name in self._dialect.functions and name not in self._known:
            raise ExpressionError("function-name", _column(self._reading, node), name=name)
        self.free.setdefault(name, node)

    def _attribute(self, node: ast.Attribute) -> None:
        if node.attr in METHODS:
            raise ExpressionError("method-name", _column(self._reading, node), name=node.attr)
        if node.attr not in ATTRIBUTES:
            raise self._no_attribute(node)

    def _call(self, node: ast.Call) -> Iterator[ast.expr]:
        column = _column(self._reading, node)
        if isinstance(node.func, ast.Attribute):
            if node.func.attr not in METHODS:
                raise self._no_attribute(node.func)
            yield node.func.value
        elif not isinstance(node.func, ast.Name):
            raise ExpressionError("not-a-function", column, name=_wording(self._reading, node.func))
        elif node.func.id not in self._dialect.functions or node.func.id in self._known:
            self.free.setdefault(node.func.id, node.func)
        for keyword in node.keywords:
            if keyword.arg is None:
                raise ExpressionError("operator", column, operator="**")
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if not (isinstance(argument, ast.Name) and argument.id in TYPES and argument.id not in self._known):
                yield argument

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, depth: int) -> None:
        before = len(self._bound)
        for part in node.generators:
            if not isinstance(part.target, ast.Name) or part.target.id in self._dialect.functions:
                raise self._refused(part.target)
            self.check(part.iter, depth + 1)
            self._bound.append(part.target.id)
            for condition in part.ifs:
                self.check(condition, depth + 1)
        self.check(node.elt, depth + 1)
        del self._bound[before:]

    def _no_attribute(self, node: ast.Attribute) -> ExpressionError:
        names = ", ".join("." + name for name in [*ATTRIBUTES, *METHODS])
        return ExpressionError("attribute", _column(self._reading, node), name=node.attr, names=names)

    def _refused(self, node: ast.expr) -> ExpressionError:
        return ExpressionError("part", _column(self._reading, node), part=_wording(self._reading, node))


def _children(node: ast.expr) -> Iterator[ast.expr]:
    return (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
