import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_policies.backoff import backoff_window, valid_retry_after


@given(st.integers(1, 10**6), st.floats(0, 10), st.floats(1, 10), st.floats(0, 10))
def test_the_window_grows_with_each_retry_up_to_the_cap(
    retry: int, initial: float, multiplier: float, cap: float
) -> None:
    here = backoff_window(retry, initial=initial, multiplier=multiplier, cap=cap)
    there = backoff_window(retry + 1, initial=initial, multiplier=multiplier, cap=cap)
    assert 0 <= here <= there <= cap


def test_an_overflowing_window_is_the_cap() -> None:
    assert backoff_window(9, initial=0.5, multiplier=1e300, cap=4.0) == 4.0


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [(None, None), (0.0, 0.0), (3.5, 3.5), (-0.1, None), (math.nan, None), (math.inf, None), (-math.inf, None)],
)
def test_only_a_length_of_time_is_a_valid_retry_after(retry_after: float | None, seconds: float | None) -> None:
    assert valid_retry_after(retry_after) == seconds
