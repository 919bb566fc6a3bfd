"""YAML read with care: values as JSON has them, and hostile files refused before anything is built."""

import json
import subprocess
import sys

import pytest

from app.bank.files import MAX_BYTES, parse

HOSTILE = {
    "200,000 open brackets": (b"[" * 200_000, "nested deeper"),
    "200,000 open braces": (b"{a: " * 200_000, "nested deeper"),
    "200,000 dashes": (b"- " * 200_000, "nested deeper"),
    "100,000 question marks": (b"? " * 100_000, "nested deeper"),
    "mappings 40 deep": (b"".join(b" " * i + b"a:\n" for i in range(40)), "nested deeper"),
    "a billion laughs": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "anchor"),
    "a merge of an alias": (b"a: &x {b: 1}\nc:\n  <<: *x\n", "anchor"),
    "a merge of a mapping": (b"c:\n  <<: {d: 1}\n", "plain text"),
    "an object of Python": (b"a: !!python/object:os.system x\n", "leave tags out"),
    "a call of Python": (b'a: !!python/object/apply:os.system ["id"]\n', "leave tags out"),
    "a tag of its own": (b"a: !mine x\n", "leave tags out"),
    "2 MB": (b"a: " + b"x" * 2_000_000, "are allowed"),
    "60,000 scalars": (b"a: [" + b"x," * 60_000 + b"]", "more than 50000"),
    "a NUL": (b'a: "x\0y"\n', "control"),
    "Latin-1": (b"a: caf\xe9\n", "save the file as UTF-8"),
    "UTF-16": ("a: 1\n".encode("utf-16"), "save the file as UTF-8"),
    "half a surrogate": (b'a: "\\ud800"\n', "is not YAML"),
    "a list as a key": (b"? [a, b]\n: 1\n", "plain text"),
    "a tab": (b"a:\n\tb: 1\n", "tab"),
    "two documents": (b"a: 1\n---\nb: 2\n", "another document"),
    "200,000 quotes": (b"a: " + b"'" * 199_999, "is not YAML"),
    "stars at the start": (b"a: **bold** text\n", "quotes"),
}
VALUES = [
    ("no", "no"), ("yes", "yes"), ("on", "on"), ("y", "y"), ("True", "True"), ("~", "~"),
    ("3:25", "3:25"), ("012", "012"), ("0x10", "0x10"), ("1_000", "1_000"), ("+1", "+1"), (".5", ".5"), ("1.", "1."),
    (".inf", ".inf"), (".nan", ".nan"), ("2020-01-01", "2020-01-01"), ("1e-3", 0.001), ("1E5", 1e5), ("-0", 0),
    ("1", 1), ("-2.50", -2.5), ("true", True), ("false", False), ("null", None), ("", None),
    ('"1"', "1"), ("'no'", "no"),
    ("9" * 17, int("9" * 17)),
]  # fmt: skip
RUN = """
import sys
from app.bank.files import parse
print([str(fault) for fault in parse(sys.stdin.buffer.read(), "f.yaml").faults][:3])
"""


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_yaml_is_refused_with_a_reason(what: str) -> None:
    raw, words = HOSTILE[what]
    if len(raw) > 100_000:  # what has crashed libyaml is tried in a process of its own
        done = subprocess.run([sys.executable, "-c", RUN], input=raw, capture_output=True, timeout=10, check=True)
        assert words in done.stdout.decode()
    else:
        assert words in " ".join(fault.message for fault in parse(raw, "f.yaml").faults)


@pytest.mark.parametrize(("written", "read"), VALUES)
def test_a_value_is_what_json_would_say_or_text(written: str, read: object) -> None:
    source = parse(f"a: {written}\n".encode(), "f.yaml")
    assert source.data == {"a": read} and type(source.data["a"]) is type(read) and not source.faults


@pytest.mark.parametrize("written", ["1e999", "-1e400", "9" * 30])
def test_no_number_becomes_another_one(written: str) -> None:
    """JSON has no infinity, and a whole number does not turn into a fraction in silence."""
    source = parse(f"a: {written}\n".encode(), "f.yaml")
    assert source.faults or json.dumps(source.data).strip('"{}a: ') == written


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa: 1\n", b"a: 1\r\n", b"# x\n\na: 1", b"---\na: 1\n"])
def test_what_editors_leave_behind_is_harmless(raw: bytes) -> None:
    source = parse(raw, "f.yaml")
    assert source.data == {"a": 1} and not source.faults


def test_every_value_knows_its_line() -> None:
    source = parse(b"a:\n  b:\n    - c\n    - d: 1\n      e: 2\n", "f.yaml")
    assert [source.line(place) for place in (("a",), ("a", "b", 0), ("a", "b", 1, "e"))] == [1, 3, 5]
    assert source.line(("a", "b", 9, "x")) == source.line(("a", "b"))


def test_every_duplicate_field_is_named_by_its_line() -> None:
    faults = parse(b"a: 1\nb: 2\na: 3\nb: 4\n", "f.yaml").faults
    assert [(fault.line, fault.path) for fault in faults] == [(3, ""), (4, "")]


def test_a_file_as_large_as_allowed_is_read() -> None:
    source = parse(b"a: " + b"x" * (MAX_BYTES - 4) + b"\n", "f.yaml")
    assert not source.faults


def test_a_fault_reads_like_a_compilers() -> None:
    assert str(parse(b"a: 1\na: 2\n", "f.yaml").faults[0]).startswith("f.yaml:2: the field “a” stands here twice")
