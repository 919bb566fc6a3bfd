"""Every fault of every file of a bank, all at once, each with file, line and what to write instead."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from app.bank.files import Fault, Place, Source, read
from app.bank.schema import Bank, BothLines, BothTexts, Question
from app.core.markdown import MarkdownError, inline, render

MAX_FILES = 20_000
_HAN = re.compile(r"[\u3400-\u9fff]")
_FULL_WIDTH_LATIN = re.compile(r"[\uff21-\uff5a]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")

DemoCheck: TypeAlias = Callable[[str, dict[str, object]], list[tuple[Place, str]]]
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass
class Checked:
    """A bank as read: its documents, the bytes they came from, and what is wrong."""

    bank: Bank | None = None
    questions: list[Question] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(folder: Path, demo_faults: DemoCheck) -> Checked:
    """Read and judge one bank's folder; `demo_faults` says what is wrong with a demo's key and preset."""
    checked = Checked()
    source = read(folder / "bank.yaml")
    checked.bank = _document(Bank, source, checked.faults)
    seen: list[tuple[Source, Question]] = []
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != "bank.yaml")
    if not paths:
        checked.faults.append(Fault("bank.yaml", 1, "", "has no questions; add <nn-slug>.yaml beside it"))
    for path in paths[:MAX_FILES]:
        source = read(path)
        question = _document(Question, source, checked.faults)
        if question:
            seen.append((source, question))
    for source, question in seen:
        checked.faults += _of_question(source, question, checked.bank, demo_faults)
    checked.faults += _across(seen)
    checked.faults.sort()
    checked.questions = sorted((question for _, question in seen), key=lambda question: question.number)
    return checked


def _document(model: type[_Model], source: Source, faults: list[Fault]) -> _Model | None:
    if source.faults:
        faults += source.faults
        return None
    if not isinstance(source.data, dict):
        faults.append(source.fault((), "must be a list of fields, each `name: value`"))
        return None
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            place = tuple(wrong["loc"])
            faults.append(source.fault(place, _words(wrong["type"], wrong["msg"], wrong.get("input"), place)))
        return None


def _words(kind: str, message: str, value: object, place: Place) -> str:
    shown = f"“{value}”" if isinstance(value, str | int | float) and len(str(value)) <= 60 else ""
    if kind == "missing":
        return f"is missing; write `{place[-1]}:`"
    if kind == "extra_forbidden":
        return "is not a field of this format; correct its name or leave it out"
    if kind == "string_type":
        return f"must be text; write {shown or 'it'} in quotes" if shown else "must be text"
    if kind == "string_pattern_mismatch":
        return f"{shown} does not fit; write it as {message.rpartition(' ')[2]}"
    return f"{message[0].lower()}{message[1:]}{', not ' + shown if shown else ''}"


def _of_question(source: Source, question: Question, bank: Bank | None, demo_faults: DemoCheck) -> Iterator[Fault]:
    expected = f"{question.number:02d}-{question.slug}.yaml"
    if source.name != expected:
        yield source.fault(("slug",), f"number and slug ask for the file name {expected}")
    for index, tag in enumerate(question.tags):
        if bank and tag not in bank.tags:
            yield source.fault(("tags", index), f"“{tag}” is not a tag of bank.yaml; use {', '.join(bank.tags)}")
    yield from _keys(source, question)
    yield from _citations(source, question)
    yield from _texts(source, question, ())
    if question.points and sum(point.weight for point in question.points) != 100:
        total = sum(point.weight for point in question.points)
        yield source.fault(("points",), f"the weights add up to {total}; they must add up to 100")
    for place, message in demo_faults(question.demo.key, question.demo.preset):
        yield source.fault(("demo", *place), message)


def _keys(source: Source, question: Question) -> Iterator[Fault]:
    for group in ("errata", "points", "red_flags", "follow_ups", "items", "references"):
        seen: set[str] = set()
        for index, part in enumerate(getattr(question, group)):
            if part.key in seen:
                yield source.fault((group, index, "key"), f"“{part.key}” is used twice; keys are unique")
            seen.add(part.key)
    points, flags = ({part.key for part in group} for group in (question.points, question.red_flags))
    for index, follow_up in enumerate(question.follow_ups):
        if follow_up.when:
            for name, known in (("missing", points), ("flags", flags)):
                for key in set(getattr(follow_up.when, name)) - known:
                    yield source.fault(("follow_ups", index, "when", name), f"there is no “{key}” here")


def _citations(source: Source, question: Question) -> Iterator[Fault]:
    known = {reference.key for reference in question.references}
    for index, erratum in enumerate(question.errata):
        for nth, citation in enumerate(erratum.cite):
            if citation.reference not in known:
                place = ("errata", index, "cite", nth, "reference")
                yield source.fault(place, f"there is no reference “{citation.reference}”; add it below")


def _texts(source: Source, part: BaseModel, place: Place) -> Iterator[Fault]:
    """Every text in both languages: does it render, is it in its own script, does no mark stay literal."""
    for name, info in type(part).model_fields.items():
        value, here = getattr(part, name), (*place, info.alias or name)
        if isinstance(value, BothLines | BothTexts):
            yield from _both(source, value, here)
        elif isinstance(value, BaseModel):
            yield from _texts(source, value, here)
        elif isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, BaseModel):
                    yield from _texts(source, child, (*here, index))


def _both(source: Source, value: BothLines | BothTexts, place: Place) -> Iterator[Fault]:
    draw = inline if isinstance(value, BothLines) else render
    for language in ("en", "zh"):
        text, here = getattr(value, language), (*place, language)
        try:
            html = str(draw(text))
        except MarkdownError as error:
            yield source.fault(here, str(error))
            continue
        shown = re.sub(r"<(code|pre|math)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
        if "**" in shown:
            yield source.fault(here, "shows a literal **; bold needs a space or Latin letter around the marks")
        if "$" in shown:
            yield source.fault(here, "shows a literal $; close the formula, without spaces inside the $ signs")
        yield from _script(source, language, shown, here)


def _script(source: Source, language: str, shown: str, place: Place) -> Iterator[Fault]:
    letters, han = len(re.findall(r"[A-Za-z]", shown)), len(_HAN.findall(shown))
    if language == "zh" and letters > 12 and han == 0:
        yield source.fault(place, "is not Chinese; write the Chinese text")
    if language == "en" and han > 20 and han > letters:
        yield source.fault(place, "is not English; write the English text")
    if _FULL_WIDTH_LATIN.search(shown) or _KANA_HANGUL.search(shown):
        yield source.fault(place, "holds full-width Latin, kana or hangul; use plain letters")


def _across(seen: list[tuple[Source, Question]]) -> Iterator[Fault]:
    """What only shows when the files are laid side by side."""
    slugs = {question.slug for _, question in seen}
    numbers: dict[int, str] = {}
    presets: dict[str, str] = {}
    for source, question in seen:
        first = numbers.setdefault(question.number, source.name)
        if first != source.name:
            yield source.fault(("number",), f"{question.number} is the number of {first} too")
        preset = repr((question.demo.key, sorted(question.demo.preset.items(), key=lambda pair: pair[0])))
        first = presets.setdefault(preset, source.name)
        if first != source.name:
            yield source.fault(("demo",), f"opens the same demo on the same preset as {first}; vary it")
        for index, related in enumerate(question.related):
            if related.slug not in slugs or related.slug == question.slug:
                yield source.fault(("related", index, "slug"), f"there is no other question “{related.slug}”")
