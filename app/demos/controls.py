"""The controls of a demo, read from its model: what to draw, between which bounds, and what was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args, get_origin
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.attention.mutants import KERNELS, MUTANTS
from app.core.errors import Wrong, wrong_fields
from app.core.i18n import Language, mark, say

CHOICES: dict[str, str] = {
    "none": mark("none"),
    "causal": mark("causal"),
    "window": mark("window"),
    "sinusoidal": mark("sinusoidal"),
    "rope": mark("rotary (RoPE)"),
    "alibi": mark("ALiBi"),
    "project": mark("Project"),
    "score": mark("Score"),
    "scale": mark("Scale"),
    "mask": mark("Mask"),
    "softmax": mark("Softmax"),
    "mix": mark("Mix"),
    "": mark("none"),
    **{key: MUTANTS[key].title for key in KERNELS},
}
RADIOS = 6  # a choice among more is a list to choose from


Kind = Literal["text", "matrix", "choice", "list", "stops", "number"]


@dataclass(frozen=True)
class Control:
    """One control as a form shows it; `value` is what was typed, whether it can be used or not."""

    name: str
    label: str
    kind: Kind
    value: str
    default: str
    options: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None
    step: float = 1
    unit: str = ""
    max_length: int | None = None
    wrong: str = ""

    @property
    def is_default(self) -> bool:
        return self.value == self.default


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: inputs if all of it can be used, otherwise what is wrong, field by field."""

    inputs: BaseModel | None
    raw: dict[str, str]
    wrongs: list[Wrong] = field(default_factory=list)


def typed(model: type[BaseModel], sent: Mapping[str, str]) -> Typed:
    """Read a form or an address; names that are no control (lang, utm_...) are ignored."""
    raw = {name: value for name, value in sent.items() if name in model.model_fields}
    given = {name: value for name, value in raw.items() if value != "" or _is_text(model.model_fields[name])}
    try:
        return Typed(model.model_validate(given, strict=False), raw)
    except ValidationError as error:
        return Typed(None, raw, wrong_fields(error.errors(include_url=False), given))


def by_field(wrongs: list[Wrong], language: Language) -> dict[str, str]:
    """field -> the sentence beside it."""
    return {wrong.pointer.strip("/").split("/")[0]: say(language, wrong.text, **wrong.numbers) for wrong in wrongs}


def controls(model: type[BaseModel], form: Typed, language: Language) -> dict[str, Control]:
    """Every control of the model by name, in its order."""
    wrongs = by_field(form.wrongs, language)
    fields = model.model_fields.items()
    return {name: _control(name, info, form, wrongs.get(name, ""), language) for name, info in fields}


def state(inputs: BaseModel, **changed: object) -> str:
    """The query string of these inputs, without what is at its default: the permalink."""
    values = {**inputs.model_dump(), **changed}
    fields = type(inputs).model_fields
    kept = {name: value for name, value in values.items() if value != fields[name].default and value is not None}
    texts = {name: f"{value:g}" if isinstance(value, float) else value for name, value in kept.items()}
    return urlencode(texts, safe=";,")  # a matrix stays short


def bounds(model: type[BaseModel]) -> dict[str, dict[str, object]]:
    """The bounds of every control, for the API."""
    return {
        name: {
            key: value
            for key, value in (
                ("ge", _bound(info, "ge")),
                ("le", _bound(info, "le")),
                ("max_length", _bound(info, "max_length")),
                ("one_of", list(_literals(info)) or None),
            )
            if value is not None
        }
        for name, info in model.model_fields.items()
    }


def _control(name: str, info: FieldInfo, form: Typed, wrong: str, language: Language) -> Control:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = "" if info.default is None else _text(info.default)
    literals, stops = _literals(info), extra.get("stops")
    options: tuple[tuple[str, str], ...] = ()
    kind: Kind = "number" if not _is_text(info) else "matrix" if "matrix" in extra else "text"
    if literals:
        kind = "choice" if len(literals) <= RADIOS else "list"
        options = tuple((value, say(language, CHOICES.get(value, value))) for value in literals)
    elif isinstance(stops, list):
        kind, options = "stops", _stops(stops, form.raw.get(name, ""))
    low, high, step = _bound(info, "ge"), _bound(info, "le"), extra.get("step", 1)
    value = form.raw.get(name)
    if value is None:
        value = default if form.inputs is None else _text(getattr(form.inputs, name))
    return Control(
        name=name,
        label=say(language, info.title or name),
        kind=kind,
        value=value,
        default=default,
        options=options,
        low=low,
        high=high,
        step=float(step) if isinstance(step, int | float) else 1,
        unit=str(extra.get("unit", "")),
        wrong=wrong,
        max_length=int(longest) if (longest := _bound(info, "max_length")) else None,
    )


def _stops(values: Sequence[object], typed_in: str) -> tuple[tuple[str, str], ...]:
    """The stops, with what was typed into the address among them where it is another whole number."""
    numbers = {int(str(value)) for value in values} | (
        {int(typed_in)} if re.fullmatch(r"[0-9]{1,3}", typed_in) else set()
    )
    return tuple((str(value), str(value)) for value in sorted(numbers)[:12])


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _is_text(info: FieldInfo) -> bool:
    return info.annotation is str


def _literals(info: FieldInfo) -> tuple[str, ...]:
    return get_args(info.annotation) if get_origin(info.annotation) is Literal else ()


def _bound(info: FieldInfo, name: str) -> float | None:
    for part in info.metadata:
        if getattr(part, name, None) is not None:
            return float(getattr(part, name))
    return None
