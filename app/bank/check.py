"""Every fault of every file of a bank, all at once, each with file, line and what to write instead."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from markupsafe import Markup
from pydantic import BaseModel, ValidationError

from app.bank.files import Fault, Json, Place, Source, read
from app.bank.schema import Bank, Question
from app.core.markdown import MarkdownError, inline, render

MAX_FILES = 20_000
_LINES = {"title", "how", "look", "backs", "claim"}  # texts of one line
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
    bank_source = read(folder / "bank.yaml")
    checked.bank = _document(Bank, bank_source, checked.faults)
    tags = _mapping(_get(bank_source.data, "tags"))
    checked.faults += _texts(bank_source, bank_source.data, ())
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != "bank.yaml")[:MAX_FILES]
    if not paths:
        checked.faults.append(Fault("bank.yaml", 1, "", "has no questions; add <nn-slug>.yaml beside it"))
    sources = [read(path) for path in paths]
    for source in sources:
        question = _document(Question, source, checked.faults)
        if question:
            checked.questions.append(question)
        if isinstance(source.data, dict):
            checked.faults += _of_question(source, source.data, list(tags), demo_faults)
    checked.faults += _across(sources)
    checked.faults = sorted(set(checked.faults))
    checked.questions.sort(key=lambda question: question.number)
    return checked


def _document(model: type[_Model], source: Source, faults: list[Fault]) -> _Model | None:
    faults += source.faults
    if not isinstance(source.data, dict):
        if not source.faults:
            faults.append(source.fault((), "must be a list of fields, each `name: value`"))
        return None
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            place = _place(wrong["loc"])
            faults.append(source.fault(place, _words(wrong["type"], wrong["msg"], wrong.get("input"), place)))
        return None


def _place(steps: tuple[str | int, ...]) -> Place:
    """Where a fault stands in the file: the schema also names the item's type, which is no place there."""
    return steps[:2] + steps[3:] if len(steps) > 2 and steps[0] == "items" and isinstance(steps[1], int) else steps


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


def _of_question(source: Source, data: dict[str, Json], tags: list[str], demo_faults: DemoCheck) -> Iterator[Fault]:
    """What the schema cannot say of one file; every part is looked at, however wrong the others are."""
    number, slug = data.get("number"), data.get("slug")
    if isinstance(number, int) and isinstance(slug, str) and source.name != f"{number:02d}-{slug}.yaml":
        yield source.fault(("slug",), f"number and slug ask for the file name {number:02d}-{slug}.yaml")
    for index, tag in enumerate(_sequence(data.get("tags"))):
        if isinstance(tag, str) and tags and tag not in tags:
            yield source.fault(("tags", index), f"“{tag}” is not a tag of bank.yaml; use {', '.join(tags)}")
    yield from _keys(source, data)
    yield from _citations(source, data)
    yield from _texts(source, data, ())
    weights = [_get(point, "weight") for point in _sequence(data.get("points"))]
    if weights and all(isinstance(weight, int) for weight in weights):
        total = sum(weight for weight in weights if isinstance(weight, int))
        if total != 100:
            yield source.fault(("points",), f"the weights add up to {total}; they must add up to 100")
    key, preset = _get(data.get("demo"), "key"), _get(data.get("demo"), "preset")
    if isinstance(key, str) and isinstance(preset, dict):
        for place, message in demo_faults(key, dict(preset)):
            yield source.fault(("demo", *place), message)


def _keys(source: Source, data: dict[str, Json]) -> Iterator[Fault]:
    known: dict[str, set[str]] = {}
    for group in ("errata", "points", "red_flags", "follow_ups", "items", "references"):
        seen = known.setdefault(group, set())
        for index, part in enumerate(_sequence(data.get(group))):
            key = _get(part, "key")
            if isinstance(key, str) and key in seen:
                yield source.fault((group, index, "key"), f"“{key}” is used twice; keys are unique")
            seen.add(str(key))
    for index, follow_up in enumerate(_sequence(data.get("follow_ups"))):
        for name, group in (("missing", "points"), ("flags", "red_flags")):
            for key in _sequence(_get(_get(follow_up, "when"), name)):
                if str(key) not in known[group]:
                    yield source.fault(("follow_ups", index, "when", name), f"there is no “{key}” here")


def _citations(source: Source, data: dict[str, Json]) -> Iterator[Fault]:
    known = {_get(reference, "key") for reference in _sequence(data.get("references"))}
    for index, erratum in enumerate(_sequence(data.get("errata"))):
        for nth, citation in enumerate(_sequence(_get(erratum, "cite"))):
            key = _get(citation, "reference")
            if isinstance(key, str) and key not in known:
                place = ("errata", index, "cite", nth, "reference")
                yield source.fault(place, f"there is no reference “{key}”; add it below")


def _texts(source: Source, part: Json, place: Place) -> Iterator[Fault]:
    """Every text in both languages: does it render, is it in its own script, does no mark stay literal."""
    if isinstance(part, list):
        for index, child in enumerate(part):
            yield from _texts(source, child, (*place, index))
    elif isinstance(part, dict):
        line = bool(place) and (place[-1] in _LINES or place[0] == "tags")
        for name, child in part.items():
            if name in ("en", "zh") and isinstance(child, str):
                yield from _text(source, child, (*place, name), inline if line else render, name)
            else:
                yield from _texts(source, child, (*place, name))


def _text(source: Source, text: str, place: Place, draw: Callable[[str], Markup], language: str) -> Iterator[Fault]:
    fault = _fault_of(text, draw, language)
    if fault:
        yield source.fault_within(place, _line_of(text, fault, language), fault)


def _fault_of(text: str, draw: Callable[[str], Markup], language: str) -> str:
    """The first thing wrong with a text, or nothing."""
    try:
        html = str(draw(text))
    except MarkdownError as error:
        return str(error)
    shown = re.sub(r"<(code|pre|math)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    letters, han = len(re.findall(r"[A-Za-z]", shown)), len(_HAN.findall(shown))
    if "**" in shown:
        return "shows a literal **; bold needs a space or Latin letter around the marks"
    if "$" in shown:
        return "shows a literal $; close the formula, without spaces inside the $ signs"
    if language == "zh" and letters > 12 and han == 0:
        return "is not Chinese; write the Chinese text"
    if language == "en" and han > 20 and han > letters:
        return "is not English; write the English text"
    if _FULL_WIDTH_LATIN.search(shown) or _KANA_HANGUL.search(shown):
        return "holds full-width Latin, kana or hangul; use plain letters"
    return ""


def _line_of(text: str, fault: str, language: str) -> int:
    """On which line of a text (from 0) a fault stands: of the first paragraph that has it, the first such line."""
    lines = text.split("\n")
    blocks: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if line.strip() and blocks and blocks[-1][1] == at:
            blocks[-1] = (blocks[-1][0], at + 1)
        elif line.strip():
            blocks.append((at, at + 1))
    for first, last in blocks:
        if _fault_of("\n".join(lines[first:last]), render, language) == fault:
            alone = [at for at in range(first, last) if _fault_of(lines[at], render, language) == fault]
            return alone[0] if alone else first
    return 0


def _across(sources: list[Source]) -> Iterator[Fault]:
    """What only shows when the files are laid side by side; a file that cannot be read still has its name."""
    slugs = {source.name.removesuffix(".yaml").partition("-")[2] for source in sources}
    slugs |= {str(_get(source.data, "slug")) for source in sources}
    numbers: dict[int, str] = {}
    presets: dict[str, str] = {}
    for source in sources:
        data = _mapping(source.data)
        number, demo = data.get("number"), _mapping(data.get("demo"))
        if isinstance(number, int) and numbers.setdefault(number, source.name) != source.name:
            yield source.fault(("number",), f"{number} is the number of {numbers[number]} too")
        preset = repr((demo.get("key"), sorted(_mapping(demo.get("preset")).items(), key=lambda pair: pair[0])))
        if demo and presets.setdefault(preset, source.name) != source.name:
            yield source.fault(("demo",), f"opens the same demo on the same preset as {presets[preset]}; vary it")
        for index, related in enumerate(_sequence(data.get("related"))):
            slug = _get(related, "slug")
            if isinstance(slug, str) and (slug not in slugs or slug == data.get("slug")):
                yield source.fault(("related", index, "slug"), f"there is no other question “{slug}”")


def _get(part: Json, name: str) -> Json:
    return part.get(name) if isinstance(part, dict) else None


def _mapping(part: Json) -> dict[str, Json]:
    return part if isinstance(part, dict) else {}


def _sequence(part: Json) -> list[Json]:
    return part if isinstance(part, list) else []
