import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.console import Console

from holdfast_cli.lane_log import LaneWait
from holdfast_cli.muted_alerts import MutedAlerts
from holdfast_cli.status import screen
from holdfast_cli.status_facts import AlarmStatus, QueueStatus, StackStatus

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
QUIET = StackStatus(
    "holdfast",
    "UPDATE_COMPLETE",
    "123456789012",
    "eu-west-1",
    [QueueStatus("LanesQueue", 0, 0, 0.0)],
    None,
    [],
    [],
    [],
    25,
)


def shown(found: StackStatus) -> str:
    output = io.StringIO()
    Console(file=output, width=140).print(screen(found, NOW))
    return output.getvalue()


def test_a_quiet_stack_has_no_lanes_and_no_alarms() -> None:
    text = shown(QUIET)
    assert "stack holdfast: UPDATE_COMPLETE; account 123456789012, region eu-west-1" in text
    assert "last delivery: –" in text
    assert "lanes: no alert has failed and waits" in text
    assert "alarms: none of 25 is in ALARM" in text


def test_waiting_lanes_ages_and_alarms_are_shown() -> None:
    since = NOW - timedelta(days=2, hours=3)
    wait = LaneWait("[red]", 3, "throttled", "429", NOW - timedelta(seconds=40), NOW - timedelta(hours=2, minutes=5))
    text = shown(
        replace(
            QUIET,
            queues=[QueueStatus("ParkingQueue", 2, 1, 3700.0), QueueStatus("AlertsQueue", 1, 0, None)],
            last_delivery=NOW - timedelta(minutes=9, seconds=5),
            lanes=[wait],
            alarms=[AlarmStatus("ParkingAlarm", since, "1 > 0")],
        )
    )
    for part in ("1 h 1 min", "9 min 5 s ago", "throttled (429)", "40 s ago", "2 h 5 min ago", "[red]", "2 d 3 h ago"):
        assert part in text
    assert "docs/runbook.md" in text


def test_a_stack_whose_alarms_are_not_found_has_a_fault() -> None:
    assert "none was found, which is a fault" in shown(replace(QUIET, all_alarms=0))


def test_a_log_that_was_read_in_part_is_said() -> None:
    assert "/aws/lambda/x was read in part" in shown(replace(QUIET, cut_logs=["/aws/lambda/x"]))
    assert "in part" not in shown(QUIET)


def test_muted_alerts_are_shown_with_their_end() -> None:
    text = shown(replace(QUIET, muted=[MutedAlerts("ops", NOW + timedelta(hours=3, minutes=1), 12)]))
    for part in ("lanes: no alert has failed and waits", "ops", "12", "2026-01-31 15:01 UTC, in 3 h 1 min"):
        assert part in text
    assert "muted" not in shown(QUIET)
