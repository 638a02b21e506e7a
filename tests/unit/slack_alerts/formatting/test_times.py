from datetime import UTC, datetime

import pytest

from slack_alerts.formatting.times import moment_text


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_time_outside_of_slacks_range_is_written_out(moment: datetime) -> None:
    assert moment_text(moment) == f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def test_a_time_is_shown_in_the_readers_own_zone_and_in_utc_to_others() -> None:
    shown = moment_text(datetime(2026, 1, 31, 12, 0, 41, tzinfo=UTC))
    assert shown == "<!date^1769860841^{date_short_pretty} {time_secs}|2026-01-31 12:00:41 UTC>"
