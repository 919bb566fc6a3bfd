"""Numbers become ramp steps and readable text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures.ramp import number, sequential, signed, signed_number

ANY = st.floats(allow_nan=False, allow_infinity=False, width=32)


@pytest.mark.parametrize(("v", "step"), [(0, "h00"), (0.5, "h32"), (1, "h63"), (-3, "h00"), (7, "h63")])
def test_the_sequential_ramp_runs_from_the_page_to_its_end(v: float, step: str) -> None:
    assert sequential(v, 0, 1) == step


@pytest.mark.parametrize(("v", "step"), [(-2, "d00"), (0, "d31"), (2, "d62"), (-9, "d00"), (9, "d62")])
def test_the_signed_ramp_has_zero_in_its_middle(v: float, step: str) -> None:
    assert signed(v, 2) == step


def test_a_range_without_width_divides_nothing() -> None:
    assert sequential(0.25, 0.25, 0.25) == "h00"
    assert signed(0.0, 0.0) == "d31"


@given(ANY, ANY, ANY)
def test_every_number_finds_an_existing_step(v: float, lo: float, hi: float) -> None:
    assert 0 <= int(sequential(v, lo, hi)[1:]) <= 63
    assert 0 <= int(signed(v, hi)[1:]) <= 62


def test_minus_is_a_minus_and_zero_has_no_sign() -> None:
    assert number(-1.5) == "\u22121.50"
    assert number(-0.001) == signed_number(-0.001) == signed_number(0.001) == "0.00"
    assert signed_number(0.25, 1) == "+0.2"
    assert signed_number(-0.25, 2) == "\u22120.25"


def test_nan_and_infinity_have_signs_of_their_own() -> None:
    assert number(math.nan) == signed_number(math.nan) == "\u2013"
    assert number(-math.inf) == "\u2212\u221e"
    assert signed_number(math.inf) == "+\u221e"
