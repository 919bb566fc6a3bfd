"""Numbers as people type them: 0.8808, 0,88, 88 %, 7/8, 1,048,576, 1e-3, 3×10^5, 2^20, in any width of digits."""

import re
import unicodedata
from collections.abc import Collection
from fractions import Fraction
from typing import TypeAlias

from app.core.i18n import mark
from app.items.registry import FormatError

Number: TypeAlias = int | float

MOST_CHARACTERS = 60
_MOST_BITS = 4000  # of base ** exponent

# NFKC would join these to the digit before them: 10³ to 103, 7½ to 71/2.
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
_VULGAR = re.compile("([¼-¾⅐-⅞↉])")
_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("×·⋅∙✕", "x"), "⁄": "/", "∕": "/", "。": "."})
_SPOKEN = str.maketrans("零〇一二两三四五六七八九点负", "001223456789.-")
_ALL_SPOKEN = re.compile("负?[零〇一二两三四五六七八九点 ]+%?")

_MANTISSA = r"(?:[0-9][0-9.,'’_ ]*|[.,][0-9]+)"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<mantissa>{_MANTISSA})?"
    r"(?: ?e ?(?P<tens>[+-]?[0-9]{1,4}))?"
    r"(?:(?P<times> ?[x*] ?)?(?<![0-9.,])(?P<base>[0-9]{1,9}) ?(?:\^|\*\*) ?[({]?(?P<power>[+-]?[0-9]{1,4})[)}]?)?"
)
_PLAIN = re.compile(r"[0-9]*[.,]?[0-9]*")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[ ,.'’_])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?P<tail>[.,][0-9]*)?")
_FOREIGN = re.compile(r"[^0-9\s.,'’_+*/^%(){}ex-].*|[ex]{2,}.*", re.DOTALL)

_EMPTY = mark("Type a number.")
_LONG = mark("A number of {length} characters is too long. {limit} are allowed.")
_WRITE = mark("This cannot be read as a number. Write 0.87, 0,87, 87 %, 7/8, 1e-3 or 2^20.")
_PART = mark("“{part}” is not part of a number. Write 0.87, 0,87, 87 %, 7/8, 1e-3 or 2^20.")
_EITHER = mark("{typed} can be read as {decimal} or {whole}. Write {decimal} or {whole}.")
_SIZE = mark("This number is too large or too small.")
_ZERO = mark("A fraction cannot have 0 below the line.")


def read(typed: str, units: Collection[str] = ()) -> Number:
    """The number that was typed, whole numbers exactly; raises FormatError with words for the one who typed it.

    A unit that the author listed may follow and is ignored. `%` divides by a hundred (88.08% is 0.8808, 100% is
    1), unless the author listed `%` as the unit: then the number itself is the percentage, and 88.08 and 88.08%
    are the same answer. One comma before exactly three digits is asked back (1,234), for half the world reads it
    as a decimal comma; with a leading 0 or more groups (0,123 and 1,048,576) there is only one way to read it.
    """
    if len(typed) > MOST_CHARACTERS:
        raise FormatError(_LONG, length=len(typed), limit=MOST_CHARACTERS)
    text = _folded(typed)
    if len(text) > 2 * MOST_CHARACTERS:
        raise FormatError(_WRITE)
    if not text:
        raise FormatError(_EMPTY)
    text, percent = _without_unit(text, units)
    above, line, below = text.partition("/")
    value = _value(above.strip(), text)
    if line:
        divisor = _value(below.strip(), text)
        if divisor == 0:
            raise FormatError(_ZERO)
        value /= divisor
    return _settled(value / 100 if percent else value)


def _folded(typed: str) -> str:
    """One spelling of digits, signs and spaces."""
    text = _RAISED.sub(lambda found: "^" + unicodedata.normalize("NFKC", found[0]), typed)
    text = unicodedata.normalize("NFKC", _VULGAR.sub(r" \1", text).translate(_SIGNS)).translate(_SIGNS).casefold()
    if _ALL_SPOKEN.fullmatch(text):
        text = text.translate(_SPOKEN)
    text = re.sub(r"\s+", " ", text).strip()
    return text[:-1] if text.endswith(".") and text[:-1][-1:].isdecimal() else text  # a sentence's full stop


def _without_unit(text: str, units: Collection[str]) -> tuple[str, bool]:
    """The text before its unit, and whether a `%` there means hundredths."""
    known = {_folded(unit) for unit in units}
    for unit in sorted(known | {unit.removesuffix("s") for unit in known}, key=len, reverse=True):
        if unit and text.endswith(unit) and text != unit:
            return text.removesuffix(unit).strip(), False
    return text.removesuffix("%").strip(), text.endswith("%")


def _value(text: str, whole: str) -> Fraction:
    found = _NUMBER.fullmatch(text)
    if found is None or not (found["mantissa"] or found["base"]):
        foreign = _FOREIGN.search(whole)
        raise FormatError(_PART, part=foreign[0]) if foreign else FormatError(_WRITE)
    if bool(found["mantissa"] and found["base"]) != bool(found["times"]) or (found["tens"] and not found["mantissa"]):
        raise FormatError(_WRITE)
    value = _mantissa(found["mantissa"].strip(), found["sign"]) if found["mantissa"] else Fraction(1)
    if found["tens"]:
        value *= _power(10, int(found["tens"]))
    if found["base"]:
        value *= _power(int(found["base"]), int(found["power"]))
    return -value if found["sign"] == "-" else value


def _mantissa(text: str, sign: str) -> Fraction:
    """Digits with a decimal point or comma, or in groups of three."""
    if _PLAIN.fullmatch(text):
        before, comma, after = text.partition(",")
        if comma and len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0"):
            readings = {"typed": text, "decimal": f"{before}.{after}", "whole": before + after}
            raise FormatError(_EITHER, **{name: sign + reading for name, reading in readings.items()})
        return Fraction(f"0{text.replace(',', '.')}".removesuffix("."))
    found = _GROUPED.fullmatch(text)
    if found is None or found["mark"] == (found["tail"] or "")[:1]:
        raise FormatError(_WRITE)
    tail = found["tail"] or ""
    digits = re.sub("[^0-9]", "", text.removesuffix(tail) if tail else text)
    return Fraction(f"{digits}.{tail[1:] or '0'}")


def _power(base: int, exponent: int) -> Fraction:
    if base.bit_length() * abs(exponent) > _MOST_BITS:
        raise FormatError(_SIZE)
    if base == 0 and exponent <= 0:
        raise FormatError(_ZERO)
    return Fraction(base) ** exponent


def _settled(value: Fraction) -> Number:
    """An int where the number is whole, else the nearest float."""
    try:
        near = float(value)
    except OverflowError:
        raise FormatError(_SIZE) from None
    if near == 0 and value != 0:
        raise FormatError(_SIZE)
    return value.numerator if value.denominator == 1 else near
