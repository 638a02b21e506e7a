"""The times of a mute, also where clocks are changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routes.mute import LONGEST_MUTE, MuteAgain, MuteOnce

BERLIN = ZoneInfo("Europe/Berlin")
SHIFT = 3_600.0
"""Seconds by which clocks are changed in the zones below."""
FRI, MON = 4, 0
WEEKEND = MuteAgain(begins=time(18), ends=time(6), days=3, weekday=FRI, zone=BERLIN)
NIGHTLY = MuteAgain(begins=time(22), ends=time(6), days=1, weekday=None, zone=BERLIN)


def at(text: str, zone: ZoneInfo = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def end(mute: MuteAgain, text: str) -> str:
    """Return the end of the mute at this time of Berlin, as its clocks show it; "" if it is not muted."""
    found = mute.until(at(text))
    return "" if found is None else f"{datetime.fromtimestamp(found, BERLIN):%a %d %H:%M}"


def test_one_mute_is_from_its_beginning_to_before_its_end() -> None:
    mute = MuteOnce(100.0, 200.0)
    assert [mute.until(now) for now in (99.9, 100.0, 199.9, 200.0)] == [None, 200.0, 200.0, None]


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-01-30T17:59", ""),
        ("2026-01-30T18:00", "Mon 02 06:00"),
        ("2026-02-01T12:00", "Mon 02 06:00"),
        ("2026-02-02T05:59", "Mon 02 06:00"),
        ("2026-02-02T06:00", ""),
    ],
)
def test_a_weekly_mute_may_last_days(now: str, ends: str) -> None:
    assert end(WEEKEND, now) == ends


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-01-30T21:59", ""),
        ("2026-01-30T22:00", "Sat 31 06:00"),
        ("2026-01-31T00:00", "Sat 31 06:00"),
        ("2026-01-31T06:00", ""),
        ("2026-03-29T01:59", "Sun 29 06:00"),  # the night in which clocks are set forward
        ("2026-10-25T02:30", "Sun 25 06:00"),  # the night in which they are set back
    ],
)
def test_a_daily_mute_crosses_midnight_by_the_clocks_of_its_zone(now: str, ends: str) -> None:
    assert end(NIGHTLY, now) == ends


@pytest.mark.parametrize(("night", "hours"), [("2026-01-30", 8.0), ("2026-03-28", 7.0), ("2026-10-24", 9.0)])
def test_a_night_is_shorter_or_longer_where_clocks_are_changed(night: str, hours: float) -> None:
    begins = at(f"{night}T22:00")
    assert NIGHTLY.until(begins) == begins + hours * SHIFT


def test_of_two_equal_times_the_first_ends_the_mute() -> None:
    mute = MuteAgain(begins=time(1), ends=time(2, 30), days=0, weekday=None, zone=BERLIN)
    assert mute.until(at("2026-10-25T01:30")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()


def test_a_mute_in_an_hour_that_clocks_skip_is_an_hour_later() -> None:
    mute = MuteAgain(begins=time(2, 15), ends=time(2, 45), days=0, weekday=None, zone=BERLIN)
    assert end(mute, "2026-03-29T03:20") == "Sun 29 03:45"


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]).map(ZoneInfo)
TIMES = st.times(timezones=st.none()).map(lambda one: one.replace(second=0, microsecond=0))


@st.composite
def mutes(draw: st.DrawFn) -> MuteAgain:
    begins, ends = draw(TIMES), draw(TIMES)
    assume(begins != ends)
    if draw(st.booleans()):
        days, weekday = (0 if begins < ends else 1), None
    else:
        days, weekday = draw(st.integers(0 if begins < ends else 1, 6)), draw(st.integers(0, 6))
    return MuteAgain(begins=begins, ends=ends, days=days, weekday=weekday, zone=draw(ZONES))


NOW = st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(tzinfo=UTC).timestamp())  # noqa: DTZ001 - hypothesis takes no zone here


@given(mute=mutes(), now=NOW)
def test_each_instant_before_the_end_has_the_same_end_and_no_mute_lasts_longer_than_a_week(
    mute: MuteAgain, now: float
) -> None:
    ends = mute.until(now)
    if ends is None:
        return
    assert now < ends <= now + LONGEST_MUTE + SHIFT
    assert mute.until((now + ends) / 2) == ends
    assert mute.until(ends) != ends


@given(mute=mutes(), now=NOW)
def test_a_time_is_muted_if_the_clocks_of_the_zone_are_between_beginning_and_end(mute: MuteAgain, now: float) -> None:
    local = datetime.fromtimestamp(now, mute.zone)
    changes = {(local + timedelta(days=days)).utcoffset() for days in range(-8, 9)}
    assume(len(changes) == 1)
    shown = local.replace(tzinfo=None)
    windows = [
        (datetime.combine(day, mute.begins), datetime.combine(day + timedelta(days=mute.days), mute.ends))
        for day in (shown.date() - timedelta(days=back) for back in range(9))
        if mute.weekday in {None, day.weekday()}
    ]
    assert (mute.until(now) is not None) == any(begins <= shown < ends for begins, ends in windows)
