from datetime import UTC, datetime

import pytest

from aws_events.timestamps import datetime_of, is_timestamp

TIME = datetime(2026, 1, 31, 12, 0, 41, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-31T12:00:41.123+0000", TIME),
        ("2026-01-31T12:00:41.123Z", TIME),
        ("2026-01-31T13:00:41.123+01:00", TIME),
        ("2026-01-31T12:00:41", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("yesterday", None),
        ("", None),
        (5, None),
        (None, None),
    ],
)
def test_a_plausible_time_with_a_zone_is_parsed(value: object, expected: datetime | None) -> None:
    assert datetime_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1769860800, True), (0.5, True), (0, False), (-1, False), (1e99, False), (True, False), ("1", False)],
)
def test_a_timestamp_is_a_number_of_seconds_after_1970(value: object, *, expected: bool) -> None:
    assert is_timestamp(value) is expected
