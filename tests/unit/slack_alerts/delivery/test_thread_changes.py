from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.models import Notification, Status
from notifications.parsing import parse
from shared_state.alarm_threads import Thread
from slack_alerts.delivery.thread_changes import MOMENTS, after, continues, is_worse, needs_channel, over_since
from slack_alerts.models import Alert
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record

FIRING, RESOLVED, NO_DATA = Status.FIRING, Status.RESOLVED, Status.NO_DATA
ALARM = parse(record(alarm_message()))


def change(status: Status, at: float) -> Notification:
    return replace(ALARM, status=status, occurred_at=datetime.fromtimestamp(at, UTC))


def thread(status: Status, *, has_fired: bool = True) -> Thread:
    """Return a thread whose newest change is at 100 s."""
    return Thread(channel="C1", ts="1.5", status=status.value, changed_at=100.0, has_fired=has_fired, message="{}")


@pytest.mark.parametrize(
    ("before", "status", "at", "is_continued"),
    [
        (None, FIRING, 200.0, False),
        (thread(RESOLVED), FIRING, 200.0, True),
        (thread(RESOLVED, has_fired=False), FIRING, 200.0, False),
        (thread(RESOLVED, has_fired=False), FIRING, 50.0, True),
        (thread(RESOLVED, has_fired=False), NO_DATA, 200.0, True),
    ],
)
def test_a_new_alarm_does_not_continue_a_thread_without_one(
    before: Thread | None, status: Status, at: float, *, is_continued: bool
) -> None:
    assert continues(before, change(status, at)) is is_continued


@pytest.mark.parametrize("newest", [FIRING, NO_DATA, RESOLVED])
def test_an_alarm_is_always_for_the_worse_and_an_ok_never(newest: Status) -> None:
    assert is_worse(change(FIRING, 200.0), thread(newest))
    assert not is_worse(change(RESOLVED, 200.0), thread(newest))
    assert is_worse(change(NO_DATA, 200.0), thread(newest)) is (newest is RESOLVED)


@pytest.mark.parametrize(
    ("newest", "status", "at", "is_over"),
    [
        (RESOLVED, FIRING, 50.0, True),
        (RESOLVED, FIRING, 100.0, False),
        (FIRING, FIRING, 50.0, False),
        (RESOLVED, NO_DATA, 50.0, False),
    ],
)
def test_only_an_alarm_that_is_older_than_its_ok_is_over(
    newest: Status, status: Status, at: float, *, is_over: bool
) -> None:
    assert bool(over_since(thread(newest), change(status, at))) is is_over


@pytest.mark.parametrize(("mention", "is_needed"), [("<!here>", True), ("<@U012AB3CD>", False), ("", False)])
def test_only_an_alarm_that_mentions_the_channel_needs_it(mention: str, *, is_needed: bool) -> None:
    assert needs_channel(Alert(change(FIRING, 0.0), mention)) is is_needed
    assert not needs_channel(Alert(change(RESOLVED, 0.0), mention))


def test_the_time_of_the_alarm_is_that_of_the_last_change_into_alarm() -> None:
    one = thread(RESOLVED, has_fired=False)
    for status, at in (
        (FIRING, 200.0),
        (FIRING, 250.0),
        (NO_DATA, 300.0),
        (FIRING, 400.0),
        (RESOLVED, 500.0),
        (FIRING, 150.0),
    ):
        one = after(one, change(status, at))
    assert (one.status, one.changed_at, one.fired_at, one.fired) == (RESOLVED.value, 500.0, 400.0, 4)
    assert list(one.moments) == [150.0, 200.0, 250.0, 300.0, 400.0, 500.0]


def test_a_thread_keeps_the_times_of_its_newest_changes_only() -> None:
    one = thread(RESOLVED)
    for at in range(MOMENTS + 10):
        one = after(one, change(FIRING, 1_000.0 + at))
    assert (len(one.moments), one.moments[0]) == (MOMENTS, 1_010.0)
