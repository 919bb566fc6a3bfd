"""Codes that people read and type: what they are made of, and what is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.codes import ALPHABET, grouped, new_code, normalised, public_id

CODES = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=20)


def test_new_codes_are_of_the_alphabet_and_differ() -> None:
    codes = {new_code(16) for _ in range(200)}
    assert len(codes) == 200 and {len(code) for code in codes} == {16}
    assert set("".join(codes)) == set(ALPHABET) and not set("ILOU") & set(ALPHABET) and len(set(ALPHABET)) == 32
    assert len(public_id()) == 12


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("o0O-iIlL1", "000" + "11111"),
        (" 7kq2 - m4xr\t", "7KQ2M4XR"),
        ("７ＫＱ２－Ｍ４ＸＲ", "7KQ2M4XR"),
        ("7KQ2–M4XR\u200b\u3000", "7KQ2M4XR"),
        ("7KQU", None),
        ("7KQ2!", None),
        ("7KQ2\x00", None),
        ("七", None),
        (" - ", None),
        ("", None),
    ],
)
def test_what_is_typed_is_read_generously(typed: str, code: str | None) -> None:
    assert normalised(typed) == code


@given(CODES)
def test_a_code_is_read_back_as_it_was_shown(code: str) -> None:
    assert normalised(grouped(code)) == normalised(grouped(code).lower()) == code


@given(st.text(max_size=40))
def test_nothing_but_the_alphabet_comes_out(text: str) -> None:
    assert set(normalised(text) or "") <= set(ALPHABET)


def test_codes_are_shown_in_groups_of_four() -> None:
    assert grouped("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
    assert grouped("01234") == "0123-4"
