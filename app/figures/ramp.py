"""From a number to its step on a colour ramp, and to the text that stands for it."""

import math

SEQUENTIAL_STEPS = 64
SIGNED_STEPS = 63
MINUS = "\N{MINUS SIGN}"


def sequential(v: float, lo: float, hi: float) -> str:
    """Class h00 (at lo, the page) to h63 (at hi); values outside are clipped, an empty range gives h00."""
    share = (v - lo) / (hi - lo) if hi > lo else 0.0
    return f"h{round((SEQUENTIAL_STEPS - 1) * min(1.0, max(0.0, share))):02d}"


def signed(v: float, extent: float) -> str:
    """Class d00 (-extent) over d31 (zero) to d62 (+extent); values outside are clipped."""
    half = SIGNED_STEPS // 2
    share = v / extent if extent > 0 else 0.0
    return f"d{half + round(half * min(1.0, max(-1.0, share))):02d}"


def number(v: float, decimals: int = 2) -> str:
    """Fixed decimals with a true minus; never "-0.00", never "nan"."""
    if math.isnan(v):
        return "\N{EN DASH}"
    digits = "\N{INFINITY}" if math.isinf(v) else f"{abs(v):.{decimals}f}"
    return MINUS + digits if v < 0 and not _is_zero(digits) else digits


def signed_number(v: float, decimals: int = 2) -> str:
    """Like `number`, with a plus before what is above zero after rounding."""
    text = number(v, decimals)
    return "+" + text if v > 0 and not _is_zero(text) else text


def _is_zero(digits: str) -> bool:
    return not digits.strip("0.")
