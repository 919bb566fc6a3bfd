"""Every fault of a bank, named with its file, its line and what to write instead."""

import re
from pathlib import Path

import pytest

from app.bank.files import Fault
from app.bank.load import checked
from app.bank.schema import Question
from app.core.settings import Settings
from tests.bank.conftest import Spoil, file_name

QUESTIONS = sorted((Path(__file__).parents[2] / "question_bank").glob("*/[0-9]*.yaml"))
# one change to the file of alpha: what is replaced, by what, and words of the remedy
FAULTS = {
    "wrong level": ("level: junior", "level: guru", "'junior', 'mid' or 'senior'"),
    "missing Chinese": ("  zh: 什么是alpha呢？\n", "", "is missing; write `zh:`"),
    "unknown field": ("level: junior", "levle: junior", "correct its name or leave it out"),
    "number as title": ("en: What is alpha?", "en: 12", "write “12” in quotes"),
    "truth value as text": ('at: "§3.2"', "at: true", "must be text"),
    "capital letters in a key": ("key: e1", "key: E1", "does not fit"),
    "unknown severity": ("severity: wrong", "severity: bad", "'wrong' or 'misleading'"),
    "identifier of no kind": ("id: arXiv:1706.03762", "id: arxiv:1706.03762", "arXiv"),
    "unknown tag": ("tags: [basics]", "tags: [basic]", "not a tag of bank.yaml; use basics"),
    "bad LaTeX": ("weights of $q$ sum", r"weights of $\foo$ sum", "write it with the commands"),
    "open formula": ("weights of $q$ sum", "weights of $q sum", "close the formula"),
    "literal stars beside Chinese": ("为**一**。", "为**一。**零", "bold needs a space or Latin letter"),
    "absent reference": ("reference: vaswani-2017", "reference: nobody-1999", "add it below"),
    "duplicate number": ("number: 1", "number: 2", "2 is the number of 01-alpha.yaml too"),
    "slug that is not the file's": ("slug: alpha", "slug: omega", "01-omega.yaml"),
    "same preset": ("word alpha", "word beta", "vary it"),
    "unknown demo": ("key: attention", "key: attentoin", "use one of attention"),
    "unknown control": ('tokens: "word alpha"', 'tokns: "word alpha"', "leave it out|use one of|tokens"),
    "control out of bounds": ('tokens: "word alpha"', "scale: 9", "4"),
    "controls that do not fit together": ('tokens: "word alpha"', "head: 5", "choose one of them"),
    "English under zh": ("什么是alpha呢？", "What is alpha, please, again?", "write the Chinese text"),
    "duplicate field": ("level: junior\n", "level: junior\nlevel: mid\n", "keep one"),
    "anchor": ("en: What is alpha?", "en: &x What is alpha?", "write the value out"),
    "tab": ("level: junior", "level: junior\n\tx: 1", "tab"),
    "colon in a plain text": ("en: What is alpha?", "en: What: is alpha?", "must stand in quotes"),
    "related to itself": ("slug: beta", "slug: alpha", "no other question"),
}

# a fault of a text, of a mapping or of a missing part is named by the line of the field around it
LINES_OFF = {
    "missing Chinese": -2,
    "same preset": -2,
    "duplicate field": 1,
    "tab": 1,
}


def named(faults: list[Fault]) -> list[tuple[str, int]]:
    return [(fault.file, fault.line) for fault in faults]


def test_the_bank_that_is_shipped_has_no_fault(settings: Settings) -> None:
    found = checked(settings.banks[0])
    assert [str(fault) for fault in found.faults] == []
    assert [question.number for question in found.questions] == list(range(1, 33))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_of_it_is_complete(path: Path, settings: Settings) -> None:
    from app.bank.files import read

    question = Question.model_validate(read(path).data)
    assert question.errata or question.leaves_out, "a question corrects or completes its source"
    assert len(question.references) >= 2 and question.demo.preset
    for text in (question.answer, question.analysis):
        assert len(text.en) > 300 and len(text.zh) > 100


def test_a_right_bank_has_no_fault(bank: Path) -> None:
    assert [str(fault) for fault in checked(bank).faults] == []


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_named_with_its_line_and_remedy(what: str, bank: Path, spoil: Spoil) -> None:
    old, new, remedy = FAULTS[what]
    line = spoil("alpha", old, new) + LINES_OFF.get(what, 0)
    faults = checked(bank).faults
    found = [fault for fault in faults if re.search(remedy, fault.message)]
    assert [fault.line for fault in found] == [line], [str(fault) for fault in faults]
    assert found[0].file == {"duplicate number": "02-beta.yaml", "same preset": "02-beta.yaml"}.get(
        what, "01-alpha.yaml"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Because of softmax.", r"Because of $\foo$."),
        ("Because of softmax.", "Because of $x."),
        ("这是softmax", "**这。**是"),
    ],
)
def test_a_fault_in_a_long_text_is_named_by_its_own_line(old: str, new: str, bank: Path, spoil: Spoil) -> None:
    """An answer may have sixty lines; the first of them is no help."""
    line = spoil("alpha", old, "One line.\n\n    " + new) + 2
    assert [(fault.file, fault.line) for fault in checked(bank).faults] == [("01-alpha.yaml", line)]


def test_ten_faults_in_four_files_are_named_in_one_run(bank: Path, spoil: Spoil) -> None:
    planted = [
        ("alpha", spoil("alpha", "level: junior", "level: guru"), "junior"),
        ("alpha", spoil("alpha", "severity: wrong", "severity: bad"), "misleading"),
        ("alpha", spoil("alpha", 'at: "§3.2"', "page: 3"), "leave it out"),
        ("beta", spoil("beta", "tags: [basics]", "tags: [basic]"), "use basics"),
        ("beta", spoil("beta", "weights of $q$", r"weights of $\foo$"), r"\foo"),
        ("beta", spoil("beta", "为**一**。", "为**一。**零"), "bold"),
        ("beta", spoil("beta", "reference: vaswani-2017", "reference: nobody-1999"), "add it below"),
        ("beta", spoil("beta", 'tokens: "word beta"', 'tokns: "word beta"'), "tokns"),
        ("gamma", spoil("gamma", "severity: wrong\n", "severity: wrong\n    severity: wrong\n") + 1, "keep one"),
        ("delta", spoil("delta", "en: What is delta?", "en: &x What is delta?"), "write the value out"),
    ]
    faults = checked(bank).faults
    for slug, line, remedy in planted:
        same = [fault for fault in faults if fault.file == file_name(slug) and remedy in str(fault)]
        assert [fault.line for fault in same] == [line], (slug, line, remedy)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("missing Chinese", "unknown tag"),
        ("wrong level", "bad LaTeX"),
        ("unknown field", "unknown control"),
        ("duplicate field", "unknown severity"),
        ("duplicate field", "absent reference"),
    ],
)
def test_no_kind_of_fault_hides_another_in_the_same_file(first: str, second: str, bank: Path, spoil: Spoil) -> None:
    for what in (first, second):
        spoil("alpha", *FAULTS[what][:2])
    messages = [fault.message for fault in checked(bank).faults if fault.file == "01-alpha.yaml"]
    for what in (first, second):
        assert any(re.search(FAULTS[what][2], message) for message in messages), (what, messages)


def test_a_broken_file_accuses_no_other_file(bank: Path, spoil: Spoil) -> None:
    """delta names alpha as related; alpha is there, although it cannot be read."""
    spoil("alpha", "level: junior", "level: guru")
    assert {fault.file for fault in checked(bank).faults} == {"01-alpha.yaml"}


@pytest.mark.parametrize("name", ["bank.yaml", "01-alpha.yaml"])
@pytest.mark.parametrize("content", ["", "just a text", "- a\n- list\n", "null"])
def test_a_file_of_another_kind_is_named(name: str, content: str, bank: Path) -> None:
    (bank / name).write_text(content, "utf8")
    assert (name, 1) in named(checked(bank).faults)


def test_a_folder_without_questions_says_so(bank: Path) -> None:
    for path in bank.glob("0*.yaml"):
        path.unlink()
    assert any("has no questions" in fault.message for fault in checked(bank).faults)


def test_a_folder_without_a_bank_says_so(bank: Path) -> None:
    (bank / "bank.yaml").unlink()
    assert "bank.yaml" in {fault.file for fault in checked(bank).faults}


def test_a_fault_is_one_line(bank: Path, spoil: Spoil) -> None:
    spoil("alpha", "en: What is alpha?", 'en: "a\x00b"')
    lines = [str(fault) for fault in checked(bank).faults if fault.file == "01-alpha.yaml"]
    assert lines and all("\n" not in line for line in lines)


def test_the_line_of_a_control_character_is_its_own(bank: Path, spoil: Spoil) -> None:
    line = spoil("alpha", "Because of softmax.", "Because\x07.")
    assert ("01-alpha.yaml", line) in named(checked(bank).faults)
