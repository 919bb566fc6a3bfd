"""YAML read with care: bounded, without anchors or surprises, and with the line of every value kept."""

import math
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one file: where, what, and what to write instead."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path + ': ' if self.path else ''}{self.message}"


@dataclass
class Source:
    """A file's data and the line on which each value stands."""

    name: str
    data: Json = None
    lines: dict[Place, int] = field(default_factory=dict)
    begins: dict[Place, int] = field(default_factory=dict)  # the first line of each text's own words
    faults: list[Fault] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, message: str) -> Fault:
        return Fault(self.name, self.line(place), dotted(place), " ".join(message.split()))

    def fault_within(self, place: Place, line: int, message: str) -> Fault:
        """A fault on the n-th line (from 0) of a text."""
        return replace(self.fault(place, message), line=self.begins.get(place, self.line(place)) + line)


def dotted(place: Place) -> str:
    """('errata', 0, 'read') as `errata[0].read`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def read(path: Path) -> Source:
    """Read one file; what is wrong with it stands in `faults`, all of it where that can be told."""
    source = Source(path.name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        source.faults.append(source.fault((), f"cannot be read: {error.strerror}"))
        return source
    return parse(raw, path.name)


def parse(raw: bytes, name: str) -> Source:
    """Like `read`, for bytes in hand."""
    source = Source(name)
    if len(raw) > MAX_BYTES:
        source.faults.append(source.fault((), f"{len(raw)} bytes; {MAX_BYTES} are allowed"))
        return source
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        source.faults.append(Fault(name, line, "", "is not UTF-8; save the file as UTF-8"))
        return source
    try:
        if _scan(text, source):
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            source.data = _build(node, (), source) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        source.faults.append(Fault(name, line, "", _plain_words(error, text.splitlines()[line - 1 : line])))
    except yaml.reader.ReaderError as error:
        line = raw[: error.position].count(b"\n") + 1  # libyaml counts bytes
        message = f"holds the control character U+{int(error.character):04X}; remove it"
        source.faults.append(Fault(name, line, "", message))
    except yaml.YAMLError as error:
        source.faults.append(Fault(name, 1, "", " ".join(f"is not YAML: {error}".split())))
    return source


def _scan(text: str, source: Source) -> bool:
    """Walk the events before anything is built: libyaml itself dies of deep nesting and of merge keys."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        wrong = _refused(event, depth, nodes)
        if wrong:
            source.faults.append(Fault(source.name, line, "", wrong))
            return False
    return True


def _refused(event: yaml.Event, depth: int, nodes: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"is nested deeper than {MAX_DEPTH} levels"
    if nodes > MAX_NODES:
        return f"holds more than {MAX_NODES} values"
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "uses an anchor or alias (& or *); write the value out, or quote the text"
    tag = getattr(event, "tag", None)
    if tag:
        return f"uses the tag {tag}; leave tags out"
    return None


def _build(node: yaml.Node, place: Place, source: Source) -> Json:
    source.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, source)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*place, index), source) for index, child in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    source.begins[place] = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
    return _scalar(node, place, source)


def _mapping(node: yaml.MappingNode, place: Place, source: Source) -> dict[str, Json]:
    built: dict[str, Json] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str) or key == "<<":
            source.faults.append(Fault(source.name, line, dotted(place), "a field's name must be plain text"))
        elif key in built:
            message = f"the field “{key}” stands here twice; keep one"
            source.faults.append(Fault(source.name, line, dotted(place), message))
        else:
            built[key] = _build(value_node, (*place, key), source)
            source.lines[(*place, key)] = line
    return built


_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_LONG = re.compile(r"-?[0-9]+")  # whole, and longer than _INTEGER
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Json] = {"": None, "null": None, "true": True, "false": False}


def _scalar(node: yaml.ScalarNode, place: Place, source: Source) -> Json:
    """Numbers and truth values as in JSON; everything else is text (`no`, `3:25`, `012` stay what they are)."""
    text: str = node.value
    if node.style:  # quoted or block; libyaml calls a plain scalar ""
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if not _FLOAT.fullmatch(text):
        return text
    if _LONG.fullmatch(text) or math.isinf(float(text)):
        source.faults.append(
            source.fault(place, f"{text[:40]} is too large a number; write it in quotes if it is text")
        )
        return None
    return float(text)


def _plain_words(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    problem, line = error.problem or "something unexpected", "".join(lines)
    hint = ""
    if re.match(r" *\t", line):
        hint = "; a tab cannot indent, use spaces"
    elif "could not find expected ':'" in problem or "mapping values are not allowed" in problem:
        hint = "; a text that holds “: ” must stand in quotes or after “|”"
    elif re.search(r"cannot start any token|unknown escape|alphabetic or numeric character", problem):
        hint = "; put the text in single quotes or after “|”"
    return f"is not YAML: {problem}{hint}"
