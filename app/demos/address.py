"""The address of a demo in a given state, for rooms that send a reader to it: “show me” of an answered item."""

from collections.abc import Mapping
from typing import cast

import numpy as np
from pydantic import BaseModel, ValidationError

from app.attention import AttentionError
from app.core.errors import Invalid
from app.core.i18n import say
from app.demos.controls import state
from app.demos.matrices import matrix_text
from app.demos.registry import DEMOS


def address(key: str, values: Mapping[str, object]) -> str:
    """`/demos/attention?q=1+0;0+1`: lists of numbers become text, a list of words a sentence.

    A flat list of numbers is one row, or one column where the control says so, as the values do. Raises ValueError
    unless the demo exists and can show this state.
    """
    demo = DEMOS.get(key)
    if demo is None:
        raise ValueError(f"there is no demo “{key}”")
    given = {name: _typed(demo.model, name, value) for name, value in values.items()}
    try:
        inputs = demo.model.model_validate(given)
        demo.compute(inputs)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except AttentionError as error:
        raise ValueError(str(error)) from None
    except Invalid as error:
        wrong = error.wrongs[0]
        raise ValueError(f"{wrong.pointer.strip('/')}: {say('en', wrong.text, **wrong.numbers)}") from None
    query = state(inputs)
    return f"/demos/{key}?{query}" if query else f"/demos/{key}"


def _typed(model: type[BaseModel], name: str, value: object) -> object:
    """A value as a form would hold it."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return value
    if value and all(isinstance(item, str) for item in value):
        return " ".join(cast(list[str], value))
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise ValueError(f"{name}: its rows are not numbers, or not of one length") from None
    if array.ndim == 1:
        info = model.model_fields.get(name)
        extra = info.json_schema_extra if info and isinstance(info.json_schema_extra, dict) else {}
        array = array[:, None] if extra.get("matrix") == "column" else array[None]
    if array.ndim != 2:
        raise ValueError(f"{name}: a list or a list of rows is needed, not {array.ndim} levels")
    return matrix_text(array.tolist())
