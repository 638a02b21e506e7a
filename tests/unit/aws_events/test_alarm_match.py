import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.alarm import AlarmState
from aws_events.alarm_match import AlarmMatch


def fits(match: AlarmMatch[AlarmState], name: str = "checkout-errors") -> bool:
    return match.fits_alarm(name=name, state=AlarmState.ALARM, severities=["High"])


@pytest.mark.parametrize("pattern", ["checkout-errors", "checkout-*", "*-error?", "[bc]heckout-*", "*"])
def test_an_alarm_fits_a_pattern_of_its_name(pattern: str) -> None:
    assert fits(AlarmMatch(alarm=pattern, state=AlarmState.ALARM, severity="HIGH"))


@pytest.mark.parametrize(
    "match",
    [
        AlarmMatch(alarm="checkout"),
        AlarmMatch(alarm="Checkout-*"),
        AlarmMatch(alarm="checkout-*", state=AlarmState.OK),
        AlarmMatch(alarm="checkout-*", severity="low"),
        AlarmMatch(severity=""),
    ],
)
def test_one_value_that_differs_is_enough_not_to_fit(match: AlarmMatch[AlarmState]) -> None:
    assert not fits(match)


def test_a_match_without_values_fits_any_alarm() -> None:
    assert fits(AlarmMatch())


@given(st.text(max_size=255), st.text(alphabet="*?[]!-^&|~abz\\.+(){}$\n", min_size=1, max_size=60))
def test_any_pattern_can_be_compared_with_any_name(name: str, pattern: str) -> None:
    assert fits(AlarmMatch(alarm=pattern), name) in {True, False}
    assert fits(AlarmMatch(alarm="*"), name)


def test_no_name_makes_patterns_slow() -> None:
    started = time.perf_counter()
    for _ in range(15):  # as many routes as a document holds
        assert not fits(AlarmMatch(alarm=f"*{'a' * 253}b"), "a" * 1_000_000)
    assert time.perf_counter() - started < 1
