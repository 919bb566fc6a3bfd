"""How exact a typed number must be, in numbers and in words."""

import math

from pydantic import Field, model_validator

from app.core.i18n import mark
from app.items.numbers import Number
from app.items.schema import Document
from app.items.texts import MINUS

EPSILON = 1e-9  # so that 46.0 lies within 0.2 of 45.8, whatever the last binary digit says
_THIN = "\N{NARROW NO-BREAK SPACE}"


class Tolerance(Document):
    """One of: `abs` as a number, `rel` as a share of the solution, `decimals` as half a unit of that place."""

    abs: Number | None = Field(None, ge=0, allow_inf_nan=False)
    rel: float | None = Field(None, gt=0, le=0.5)
    decimals: int | None = Field(None, ge=0, le=12)

    @model_validator(mode="after")
    def _one(self) -> "Tolerance":
        if sum(kind is not None for kind in (self.abs, self.rel, self.decimals)) != 1:
            raise ValueError("needs exactly one of abs, rel and decimals")
        return self

    def around(self, value: Number) -> float:
        """The largest distance from this solution that counts as right."""
        if self.abs is not None:
            return float(self.abs)
        if self.rel is not None:
            return float(f"{self.rel * math.fabs(value):.12g}")
        assert self.decimals is not None
        return 0.5 * 10.0**-self.decimals

    def places(self, value: Number) -> int | None:
        """Decimal places that show the solution to its tolerance; None where it is exact."""
        if self.decimals is not None:
            return self.decimals
        around = self.around(value)
        return max(0, math.ceil(-math.log10(around) - EPSILON)) if around > 0 else None

    @property
    def words(self) -> str:
        """The rule in English, with `numbers` to fill in; of a share it does not give the distance away."""
        if self.abs == 0:
            return mark("Only the exact number is right.")
        if self.decimals == 0:
            return mark("Right if it agrees to the nearest whole number.")
        if self.decimals == 1:
            return mark("Right if it agrees to 1 decimal place.")
        if self.decimals is not None:
            return mark("Right if it agrees to {places} decimal places.")
        return mark("Right if it is within {tolerance} of the exact value.")

    @property
    def numbers(self) -> dict[str, object]:
        if self.decimals is not None:
            return {"places": self.decimals}
        if self.rel is not None:
            return {"tolerance": f"{self.rel * 100:.6g}\N{NO-BREAK SPACE}%"}
        return {"tolerance": f"{self.abs:.6g}"}


def close(typed: Number, value: Number, tolerance: float) -> bool:
    """Whether a number lies within the tolerance; with none, whole numbers must be equal to the last digit."""
    if tolerance == 0 and isinstance(typed, int) and isinstance(value, int):
        return typed == value
    try:
        return math.fabs(typed - value) <= tolerance + EPSILON * max(math.fabs(value), tolerance)
    except OverflowError:  # a whole number that no float can hold
        return False


def as_typed(value: Number, places: int | None) -> str:
    """A number as a reader writes it: these places, or all its digits; long whole parts in groups of three."""
    if not math.isfinite(value) or (value != 0 and not 1e-6 <= math.fabs(value) < 1e15):
        shown = f"{value:.6g}"
    elif places is None:
        shown = str(value) if isinstance(value, int) else f"{value:.12g}"
    else:
        shown = f"{value:.{places}f}"
    whole, point, rest = shown.partition(".")
    digits = whole.removeprefix("-")
    if len(digits) > 4 and digits.isdecimal():
        whole = whole.removesuffix(digits) + f"{int(digits):,}".replace(",", _THIN)
    return (whole + point + rest).replace("-", MINUS)
