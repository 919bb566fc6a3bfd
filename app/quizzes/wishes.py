"""What somebody wants to be asked: read from a form, every field within its bounds."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.datastructures import FormData

from app.core.errors import Wrong, wrong_fields

MAX_ITEMS = 60
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,60}$")]
Names = Annotated[list[Name], Field(max_length=60)]


class Wishes(BaseModel):
    """The choices of a new quiz; every one has a sensible default, so that one click is enough."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    tag: Names = []
    level: Names = []
    type: Names = []
    count: int = Field(10, ge=1, le=MAX_ITEMS)
    review: Literal["immediate", "after_section", "at_end"] = "immediate"
    pace: Literal["untimed", "1", "1.5", "2"] = "untimed"
    questions: Names = Field([], description="slugs: every item of these questions, and nothing else")
    misses_of: Annotated[str, StringConstraints(max_length=20)] = ""
    start_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")] | Literal[""] = ""
    zone: Annotated[str, StringConstraints(max_length=60)] = ""


SEVERAL = ("tag", "level", "type", "questions")


def read(form: FormData) -> tuple[Wishes | None, list[Wrong], dict[str, list[str]]]:
    """The wishes of a form, what is wrong with it, and everything that was typed."""
    typed = {name: [str(value) for value in form.getlist(name)] for name in Wishes.model_fields if name in form}
    sent: dict[str, object] = {}
    for name, values in typed.items():
        if name in SEVERAL:
            sent[name] = [value for value in values if value]
        elif values and values[-1] != "":
            sent[name] = values[-1]
    try:
        return Wishes.model_validate(sent), [], typed
    except ValidationError as error:
        return None, wrong_fields(error.errors(include_url=False), sent), typed


def names(values: Sequence[str]) -> list[str]:
    """Distinct values in their order."""
    return list(dict.fromkeys(values))
