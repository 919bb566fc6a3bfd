"""Whether a question's demo exists and its preset fits the demo's own model."""

from pydantic import ValidationError

from app.attention import AttentionError
from app.bank.files import Place
from app.core.errors import Invalid, Wrong, wrong_fields
from app.core.i18n import say
from app.demos.problems import of_library
from app.demos.registry import DEMOS


def demo_faults(key: str, preset: dict[str, object]) -> list[tuple[Place, str]]:
    """What is wrong with a demo's key and preset, as (place inside `demo`, what to write instead)."""
    demo = DEMOS.get(key)
    if demo is None:
        return [(("key",), f"there is no demo “{key}”; use one of {', '.join(DEMOS.keys())}")]
    try:
        demo.compute(demo.model.model_validate(preset))
    except ValidationError as error:
        wrongs = wrong_fields(error.errors(include_url=False), preset)
    except Invalid as error:
        wrongs = list(error.wrongs)
    except AttentionError as error:
        wrongs = list(of_library(error).wrongs)
    else:
        return []
    return [(_place(wrong), _words(wrong, list(demo.model.model_fields))) for wrong in wrongs]


def _place(wrong: Wrong) -> Place:
    return ("preset", *wrong.pointer.strip("/").split("/"))


def _words(wrong: Wrong, controls: list[str]) -> str:
    if wrong.code == "extra-forbidden":
        return f"is not a control of this demo; use {', '.join(controls)}"
    return say("en", wrong.text, **wrong.numbers)
