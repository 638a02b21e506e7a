"""The field `mute` of a route."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo, reset_tzpath

import pytest

from aws_events.strict_json import Invalid, Json
from routes.mute import MuteAgain, MuteOnce
from routes.mute_fields import read_mute

BERLIN = "Europe/Berlin"


def mute(begins: str, ends: str, **others: Json) -> dict[str, Json]:
    return {"from": begins, "until": ends} | others


def moment(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc] # year, month, day, hour


def test_a_mute_of_two_moments_is_once() -> None:
    assert read_mute(mute("2026-12-24T18:00Z", "2026-12-27T08:00:30+01:00"), "mute") == MuteOnce(
        moment(2026, 12, 24, 18), moment(2026, 12, 27, 7) + 30
    )


@pytest.mark.parametrize(
    ("begins", "ends", "weekday", "days"),
    [
        ("fri 18:00", "mon 06:00", 4, 3),
        ("tue 06:00", "tue 18:00", 1, 0),
        ("tue 18:00", "tue 06:00", 1, 7),
        ("08:00", "18:00", None, 0),
        ("22:00", "06:00", None, 1),
    ],
)
def test_a_mute_without_dates_is_each_week_or_each_day(begins: str, ends: str, weekday: int | None, days: int) -> None:
    first, last = (time.fromisoformat(one[-5:]) for one in (begins, ends))
    expected = MuteAgain(begins=first, ends=last, days=days, weekday=weekday, zone=ZoneInfo(BERLIN))
    assert read_mute(mute(begins, ends, zone=BERLIN), "mute") == expected


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([], "mute: must be an object"),
        ({"from": "18:00"}, "mute.until: is missing"),
        (mute("18:00", "19:00", days=1), "mute.days: is not a field; the fields are from, until, zone"),
        (mute("6pm", "19:00"), "mute.from: must be a time like 2026-12-24T18:00Z, fri 18:00 or 18:00"),
        (mute("18:00", "24:00"), "mute.until: must be a time like"),
        (mute("2026-12-24T18:00", "2026-12-27T08:00Z"), "mute.from: must be a time like"),
        (mute("fri 18:00", "06:00", zone=BERLIN), "mute.until: must have the same form as `from`"),
        (mute("2026-12-24T18:00Z", "2026-12-31T18:00:01Z"), "mute.until: must be after `from`, by 7 days at most"),
        (mute("2026-12-24T18:00Z", "2026-12-24T19:00+01:00"), "mute.until: must be after `from`"),
        (mute("2026-02-30T18:00Z", "2026-03-01T18:00Z"), "mute.from: must be a date of the calendar"),
        (mute("2026-12-24T18:00Z", "2026-12-27T08:00Z", zone=BERLIN), "mute.zone: is for a weekly or daily mute only"),
        (mute("18:00", "19:00"), "mute.zone: is missing"),
        (mute("18:00", "18:00", zone=BERLIN), "mute.until: must differ from `from`"),
        (mute("18:00", "19:00", zone="Canary/Canary"), "mute.zone: must be a time zone like Europe/Berlin"),
        (mute("18:00", "19:00", zone="Europe"), "mute.zone: must be a time zone like"),
        (mute("18:00", "19:00", zone="../canary"), "mute.zone: must be a time zone like"),
    ],
)
def test_an_error_names_the_field_and_its_rule(value: Json, error: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_mute(value, "mute")
    assert str(caught.value).startswith(error)
    assert "anary" not in str(caught.value)


@pytest.fixture
def _system_zones() -> Iterator[None]:
    yield
    reset_tzpath()
    ZoneInfo.clear_cache()


@pytest.mark.usefixtures("_system_zones")
def test_a_zone_is_read_without_the_zones_of_the_system() -> None:
    reset_tzpath(())
    ZoneInfo.clear_cache()
    again = read_mute(mute("18:00", "19:00", zone=BERLIN), "mute")
    assert again.until(moment(2026, 7, 1, 16)) == moment(2026, 7, 1, 17)


@pytest.mark.usefixtures("_system_zones")
def test_a_zone_that_only_this_machine_has_is_refused(tmp_path: Path) -> None:
    zone = resources.files("tzdata").joinpath("zoneinfo", "Europe", "Berlin").read_bytes()
    (tmp_path / "localtime").write_bytes(zone)
    reset_tzpath([str(tmp_path)])
    with pytest.raises(Invalid, match="must be a time zone like"):
        read_mute(mute("18:00", "19:00", zone="localtime"), "mute")


@pytest.mark.parametrize("days", [7, 1])
def test_a_mute_of_seven_days_is_the_longest(days: int) -> None:
    read = read_mute(mute("2026-12-01T00:00Z", f"2026-12-0{1 + days}T00:00Z"), "mute")
    assert read.until(moment(2026, 12, 1)) == moment(2026, 12, 1 + days)
