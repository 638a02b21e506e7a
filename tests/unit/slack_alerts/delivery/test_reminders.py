"""Reminders of alarms that stay in ALARM."""

import pytest

from shared_state.open_alarms import Due
from slack_alerts.delivery.reminders import PER_SWEEP
from tests.support.steps.followed_lane import START, Change, FollowedLane

ALARM, OK = "ALARM", "OK"
HOUR = 3600.0


@pytest.fixture
def lane() -> FollowedLane:
    return FollowedLane()


def reminders(lane: FollowedLane) -> list[str]:
    """Return the reminders, each with a mark of its place."""
    found = [one for one in lane.history() if "still in ALARM" in one.posting.text]
    return [(">> " if one.is_broadcast else "> " if one.thread_ts else "") + one.posting.text for one in found]


def pass_hours(lane: FollowedLane, hours: float) -> None:
    """Let time pass, with a sweep every quarter of an hour."""
    for _ in range(round(hours * 4)):
        lane.time.now += HOUR / 4
        lane.sweep()


def test_an_alarm_that_stays_in_alarm_is_reminded_of_in_thread_and_channel(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, remind_after=4.0))
    pass_hours(lane, 3.75)
    assert reminders(lane) == []
    pass_hours(lane, 4.5)
    assert reminders(lane) == [
        ">> 🔴 ALARM cpu: still in ALARM after 4 h 1 min",
        ">> 🔴 ALARM cpu: still in ALARM after 8 h 1 min",
    ]


def test_an_alarm_that_is_over_or_has_no_reminder_gets_none(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, remind_after=1.0))
    lane.tell(Change(ALARM, alarm="disk"))
    lane.tell(Change(OK, 60.0, remind_after=1.0))
    pass_hours(lane, 3.0)
    assert (reminders(lane), dict(lane.services().open_alarms().read())) == ([], {})


def test_an_alarm_whose_route_no_longer_reminds_gets_none_after_its_ok(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, remind_after=1.0))
    lane.tell(Change(OK, 60.0))
    pass_hours(lane, 2.0)
    assert (reminders(lane), dict(lane.services().open_alarms().read())) == ([], {})


def test_the_hours_count_from_the_newest_alarm(lane: FollowedLane) -> None:
    for number, state in enumerate([ALARM, OK, ALARM]):
        lane.tell(Change(state, number * 600.0, remind_after=1.0))
        lane.time.now = START + (number + 1) * 600.0
    assert [due.at for due in lane.services().open_alarms().read().values()] == [START + 1_200.0 + HOUR]


@pytest.mark.parametrize("answer", [{"status": 503}, {"status": 429, "retry_after": 5}, {"body": "invalid_auth"}])
def test_h15_a_reminder_that_is_not_posted_is_counted_and_tried_by_the_next_sweep(
    lane: FollowedLane, answer: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    lane.tell(Change(ALARM, remind_after=1.0))
    lane.standin.script([answer], match="still in ALARM")
    pass_hours(lane, 1.0)
    assert reminders(lane) == []
    assert "RemindersNotPosted" in capsys.readouterr().out
    pass_hours(lane, 0.25)
    assert len(reminders(lane)) == 1


def test_h15_a_thread_in_another_channel_gets_no_reminder(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, remind_after=1.0))
    lane.bot_secrets.channel = "other"
    pass_hours(lane, 2.0)
    assert (reminders(lane), dict(lane.services().open_alarms().read())) == ([], {})


def test_h15_below_a_deleted_message_a_reminder_is_a_message_of_its_own(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, remind_after=1.0))
    lane.standin.delete("ops")
    pass_hours(lane, 1.0)
    assert reminders(lane) == ["🔴 ALARM cpu: still in ALARM after 1 h 1 min"]


def test_a_sweep_posts_a_few_reminders_and_needs_time(lane: FollowedLane) -> None:
    for number in range(PER_SWEEP + 2):
        lane.tell(Change(ALARM, alarm=f"alarm{number}", remind_after=1.0))
    lane.time.now += 2 * HOUR
    lane.sweep(seconds=1.0)
    assert reminders(lane) == []
    lane.sweep()
    assert len(reminders(lane)) == PER_SWEEP
    lane.sweep()
    assert len(reminders(lane)) == PER_SWEEP + 2


def test_a_row_that_is_gone_ends_its_reminders(lane: FollowedLane) -> None:
    lane.services().open_alarms().put("thread#team#gone", Due(0.0, HOUR))
    lane.sweep()
    assert dict(lane.services().open_alarms().read()) == {}


def test_without_edits_a_reminder_names_no_alarm(lane: FollowedLane) -> None:
    lane.edits_messages = False
    lane.tell(Change(ALARM, remind_after=1.0))
    pass_hours(lane, 1.0)
    assert reminders(lane) == [">> still in ALARM after 1 h 1 min"]
