"""Typed numbers: every way of writing one that is usual somewhere, and kind words for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.i18n import LANGUAGES, say
from app.items.numbers import MOST_CHARACTERS, read
from app.items.registry import FormatError

READ = {
    "0.8808": 0.8808,
    " 0.8808 ": 0.8808,
    "88.08%": 0.8808,
    "88.08 %": 0.8808,
    "88,08％": 0.8808,
    "100%": 1,
    "1e-3": 0.001,
    "1.5E+3": 1500,
    "7/8": 0.875,
    "-7 / 8": -0.875,
    "½": 0.5,
    "1⁄2": 0.5,
    "３／４": 0.75,
    "1,048,576": 1048576,
    "1.048.576": 1048576,
    "1 048 576": 1048576,
    "1\u2009048\u2009576": 1048576,
    "1\u00a0048\u202f576": 1048576,
    "1_048_576": 1048576,
    "1'048’576".replace("’", "'"): 1048576,
    "1，048，576": 1048576,
    "1,234.5": 1234.5,
    "1.234,5": 1234.5,
    "1 234,5": 1234.5,
    "1 234": 1234,
    "0,88": 0.88,
    "0,123": 0.123,
    "1234,567": 1234.567,
    ".5": 0.5,
    ",5": 0.5,
    "5.": 5,
    "0.88.": 0.88,
    "0。88": 0.88,
    "+5": 5,
    "−2.5": -2.5,
    "－０．５": -0.5,
    "–3": -3,
    "3×10^5": 300000,
    "3 x 10^-3": 0.003,
    "3·10^-3": 0.003,
    "3*10**5": 300000,
    "2×10⁻³": 0.002,
    "10³": 1000,
    "10^{-3}": 0.001,
    "2^20": 1048576,
    "2**20": 1048576,
    "-2^4": -16,
    "零点八八": 0.88,
    "负三": -3,
    "12345678901234567891": 12345678901234567891,
}
UNREADABLE = [
    *(
        "-",
        "1 2",
        "1,2,3",
        "1.2.3",
        "12,34,567",
        "1,234,5",
        "1,,234",
        "--5",
        "12%%",
        "1e",
        "e5",
        "x10^3",
        "2x",
        "1e3e3",
    ),
    *("3(4)", "1/2/3", "7½", "0x10", "2^0.5", "²", "{}", "{0}", "0,87 approx", "inf", "-inf", "nan", "∞", "١", "十二"),
    *("1e400", "1e-400", "9**9999", "99999^9999", "1/0", "0/0", "0^-1", "<b>1</b>", "1\x002", "一0.5", "sqrt(2)", "√2"),
]


@pytest.mark.parametrize(("typed", "number"), READ.items())
def test_is_read(typed: str, number: float) -> None:
    found = read(typed)
    assert found == pytest.approx(number, rel=1e-15)
    assert isinstance(found, int) == isinstance(number, int)


@pytest.mark.parametrize("typed", UNREADABLE)
def test_is_handed_back_in_words(typed: str) -> None:
    with pytest.raises(FormatError) as refused:
        read(typed)
    for language in LANGUAGES:
        assert "{" not in say(language, refused.value.text, **refused.value.numbers).replace(typed, "")


@pytest.mark.parametrize("typed", ["1,234", "-1,234", "12,345", "1，234", "1,234%", "1,234/5"])
def test_one_comma_before_three_digits_is_asked_back(typed: str) -> None:
    with pytest.raises(FormatError, match="can be read as") as refused:
        read(typed)
    said = refused.value.text.format(**refused.value.numbers)
    assert "." in said.split("Write ")[1] and " or " in said


def test_words_name_what_is_no_number() -> None:
    with pytest.raises(FormatError) as refused:
        read("0,87 approx")
    assert refused.value.numbers == {"part": "approx"}


def test_a_listed_unit_is_ignored() -> None:
    assert [read(typed, ["tokens", "个词元"]) for typed in ("12 tokens", "12Tokens", "1 token", "12个词元")] == [
        12,
        12,
        1,
        12,
    ]
    with pytest.raises(FormatError):
        read("12 heads", ["tokens"])


def test_a_percent_sign_divides_by_a_hundred_unless_it_is_the_unit() -> None:
    assert (read("88%"), read("88%", ["tokens"])) == (0.88, 0.88)
    assert (read("88%", ["%"]), read("88 ％", ["%"]), read("88", ["%"])) == (88, 88, 88)


def test_too_long_is_refused() -> None:
    assert read("0." + "1" * (MOST_CHARACTERS - 2)) == pytest.approx(1 / 9)
    for typed in ("1" * (MOST_CHARACTERS + 1), "1" * 100_000, "ﷺ" * MOST_CHARACTERS):
        with pytest.raises(FormatError):
            read(typed)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_python_prints_is_read_back(number: float) -> None:
    assert float(read(repr(number))) == number


@given(st.text(max_size=70) | st.text("0123456789.,+-−/%eEx×^*() '_½²", max_size=30))
def test_nothing_but_a_number_or_a_format_error_comes_out(typed: str) -> None:
    try:
        assert abs(read(typed)) < float("inf")
    except FormatError as refused:
        assert refused.text.format(**refused.numbers)
