"""Retry-After as servers write it, and as they should not."""

import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_policies import parse_retry_after

moments = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - given a zone
    lambda moment: moment.replace(microsecond=0)
)


def http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@given(st.integers(0, 10**15))
def test_whole_seconds_come_back_as_they_were(seconds: int) -> None:
    assert parse_retry_after(str(seconds)) == seconds


@given(moments, st.integers(0, 10**7))
def test_a_date_is_read_as_the_time_until_then(now: datetime, seconds: int) -> None:
    assert parse_retry_after(http(now + timedelta(seconds=seconds)), now=now) == seconds


@given(moments, st.integers(0, 10**7), moments)
def test_with_the_answers_own_date_the_local_clock_does_not_matter(
    sent: datetime, seconds: int, local: datetime
) -> None:
    until = http(sent + timedelta(seconds=seconds))
    assert parse_retry_after(until, date=http(sent), now=local) == seconds


@given(moments, moments, moments)
def test_a_later_date_is_never_a_shorter_wait(now: datetime, one: datetime, other: datetime) -> None:
    waits = [parse_retry_after(http(moment), now=now) for moment in sorted((one, other))]
    assert waits[0] is not None
    assert waits[1] is not None
    assert waits[0] <= waits[1]


@pytest.fixture(params=["UTC", "Asia/Tokyo"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
def test_without_any_other_date_the_local_clock_counts() -> None:
    until = http(datetime.now(UTC) + timedelta(seconds=1000))
    assert parse_retry_after(until) == pytest.approx(1000, abs=60)


class Nowhere(tzinfo):
    """A zone that does not know its own offset."""

    def utcoffset(self, _moment: datetime | None) -> None:
        pass

    dst = tzname = utcoffset


@pytest.mark.parametrize("zone", [None, Nowhere()])
def test_a_moment_that_names_no_zone_is_taken_for_utc(zone: tzinfo | None) -> None:
    now = datetime(2026, 1, 31, 12, 0, 0, tzinfo=zone)
    assert parse_retry_after("Sat, 31 Jan 2026 12:00:30 GMT", now=now) == 30.0


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_more_seconds_are_never_a_shorter_wait(one: int, other: int) -> None:
    waits = [parse_retry_after(str(seconds)) or 0.0 for seconds in sorted((one, other))]
    assert waits[0] <= waits[1]


@given(st.none() | st.text() | st.binary() | st.integers() | st.floats(), st.text() | st.none() | st.integers())
def test_no_value_raises_or_gives_anything_but_a_length_of_time(value: object, date: object) -> None:
    wait = parse_retry_after(value, date=date)
    assert wait is None or 0 <= wait < math.inf


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        (" 3 ", 3.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),  # long past
        ("Sat, 31 Jan 2026 12:00:30 GMT", 30.0),
        ("Sat, 31 Jan 2026 13:00:30 +0100", 30.0),
        ("Sat, 31 Jan 2026 12:00:30", 30.0),  # without a zone: UTC
        ("", None),
        ("-1", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("0x10", None),
        ("3, 4", None),
        ("9" * 400, None),
        ("٣", None),
        (3, None),
        (None, None),
    ],
)
def test_each_form_is_read_or_refused(value: object, seconds: float | None) -> None:
    assert parse_retry_after(value, now=datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)) == seconds
