import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.numbers import duration, exact, with_unit


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
        (math.inf, "inf"),
    ],
)
def test_no_digit_is_lost(number: float, said: str) -> None:
    assert exact(number) == said


@given(st.floats(min_value=-1e15, max_value=1e15, allow_nan=False))
def test_the_text_is_the_same_number(number: float) -> None:
    said = exact(number)
    assert "e" in said or float(said.replace(",", "")) == number


def test_units_have_their_usual_sign() -> None:
    assert [with_unit(97.3, "Percent"), with_unit(3, "Count"), with_unit(2, "Bytes/Second")] == ["97.3 %", "3", "2 B/s"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (45, "45 s"), (725, "12 min 5 s"), (3600, "1 h"), (187_200, "2 d 4 h"), (-5, "0 s")],
)
def test_durations_are_in_words(seconds: float, said: str) -> None:
    assert duration(seconds) == said
