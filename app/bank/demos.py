"""Whether a question's demo exists and its preset fits the demo's own model."""

from pydantic import ValidationError

from app.bank.files import Place
from app.demos.registry import DEMOS


def demo_faults(key: str, preset: dict[str, object]) -> list[tuple[Place, str]]:
    """What is wrong with a demo's key and preset, as (place inside `demo`, what to write instead)."""
    demo = DEMOS.get(key)
    if demo is None:
        return [(("key",), f"there is no demo “{key}”; use one of {', '.join(DEMOS.keys())}")]
    try:
        demo.compute(demo.model.model_validate(preset))
    except ValidationError as error:
        return [(("preset", *wrong["loc"]), str(wrong["msg"])) for wrong in error.errors(include_url=False)]
    except ValueError as error:
        return [(("preset",), str(error))]
    return []
