import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.loose_json import load
from notifications.numbers import dollars, duration, exact, with_unit


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (5368709120, "5,368,709,120"),
        (5368709120.0, "5,368,709,120"),
        (99.99999, "99.99999"),
        (97.30, "97.3"),
        (1e-7, "0.0000001"),
        (0, "0"),
        (-12.5, "-12.5"),
        (1e300, "1e+300"),
        (1.23456789e40, "1.23456789e+40"),
        (1.23456789e-40, "1.23456789e-40"),
        (math.inf, "inf"),
    ],
)
def test_no_digit_is_lost(number: float, said: str) -> None:
    assert exact(number) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("5368709120.12345678901", "5,368,709,120.12345678901"),
        ("0.12345678901234567890", "0.1234567890123456789"),
        ("1.234567890123456789e-40", "1.234567890123456789e-40"),
    ],
)
def test_no_digit_of_a_long_number_is_lost(written: str, said: str) -> None:
    number = load(written)
    assert isinstance(number, float)
    assert exact(number) == said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_is_the_same_number(number: float) -> None:
    assert float(exact(number).replace(",", "")) == number


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (None, ""),
        (1001, "$1,001.00"),
        (0.5, "$0.50"),
        (1234567.891, "$1,234,567.891"),
        (0.0042, "$0.0042"),
        (-12.0, "$-12.00"),
    ],
)
def test_money_has_two_decimals_and_more_if_there_are_more(amount: float | None, said: str) -> None:
    assert dollars(amount) == said


def test_units_have_their_usual_sign() -> None:
    assert [with_unit(97.3, "Percent"), with_unit(3, "Count"), with_unit(2, "Bytes/Second")] == ["97.3 %", "3", "2 B/s"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (45, "45 s"), (725, "12 min 5 s"), (3600, "1 h"), (187_200, "2 d 4 h"), (-5, "0 s")],
)
def test_durations_are_in_words(seconds: float, said: str) -> None:
    assert duration(seconds) == said
