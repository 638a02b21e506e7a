"""Edits of first messages: their content, their failures, their budget, and the sweep of those that fell behind."""

import json
from dataclasses import replace

import pytest

from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row
from slack_alerts.delivery.headlines import PER_BATCH, PER_MINUTE, EditBudget
from slack_alerts.models import BotToken, Edit, SlackUnreachable
from tests.support.steps.clock import FakeClock
from tests.support.steps.followed_lane import Change, FollowedLane
from tests.support.steps.lane import DELIVERED

ALARM, OK, NO_DATA = "ALARM", "OK", "INSUFFICIENT_DATA"
EDITS = '"ts": '
"""Part of the body of an edit only."""


@pytest.fixture
def lane() -> FollowedLane:
    return FollowedLane()


def tell_all(lane: FollowedLane, *states: str, every: float = 60.0) -> None:
    for number, state in enumerate(states):
        assert lane.tell(Change(state, number * every)) == [DELIVERED]


def test_the_first_message_shows_the_present_state_of_its_alarm(lane: FollowedLane) -> None:
    shown = []
    for number, state in enumerate([ALARM, OK, ALARM, NO_DATA, OK]):
        lane.tell(Change(state, number * 60.0))
        shown += lane.shown()
    assert shown == [
        "🔴 ALARM cpu",
        "🟢 OK cpu: resolved after 1 min",
        "🔴 ALARM cpu: in ALARM, 2 ALARMs so far",
        "⚪ INSUFFICIENT_DATA cpu: no data, 2 ALARMs so far",
        "🟢 OK cpu: resolved after 2 min, 2 ALARMs so far",
    ]


def test_an_edit_changes_headline_and_colour_and_keeps_all_that_was_said(lane: FollowedLane) -> None:
    tell_all(lane, ALARM, OK)
    message = lane.history()[0]
    before, after = message.posting, message.shown
    assert [block for block in after.blocks if block in before.blocks] == list(before.blocks[1:])
    [attachment], [edited] = before.attachments, after.attachments
    assert (attachment["color"], edited["color"]) == ("#e01e5a", "#2eb67d")
    assert edited["blocks"] == attachment["blocks"]
    assert after.text == f"🟢 OK cpu: resolved after 1 min\n{before.text}"


def test_the_text_of_a_plain_message_stays_below_its_headline(lane: FollowedLane) -> None:
    lane.standin.switch("blocks", on=True)
    tell_all(lane, ALARM, OK)
    message = lane.history()[0]
    assert message.shown.text == f"🟢 OK cpu: resolved after 1 min\n{message.posting.text}"
    assert message.shown.blocks == ()


def test_a_late_change_does_not_replace_the_headline(lane: FollowedLane) -> None:
    for change in (Change(ALARM, 0.0), Change(OK, 120.0), Change(NO_DATA, 60.0)):
        lane.tell(change)
    assert lane.shown() == ["🟢 OK cpu: resolved after 2 min"]


def test_only_the_mode_update_edits(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, follow="thread"))
    lane.tell(Change(OK, 60.0, follow="thread"))
    assert lane.shown() == ["🔴 ALARM cpu"]
    assert lane.told() == ["ALARM cpu", "> OK cpu"]


def test_without_edits_a_row_has_no_text_of_an_alert(lane: FollowedLane) -> None:
    lane.edits_messages = False
    tell_all(lane, ALARM, OK)
    assert (lane.shown(), lane.told()) == (["🔴 ALARM cpu"], ["ALARM cpu", "> OK cpu"])
    assert "cpu" not in str([row for key, row in _rows(lane).items() if key.startswith("thread#")])


def test_a_message_whose_batch_ends_early_is_edited_by_the_next_sweep(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.standin.script([{"status": 503}], match="disk", repeat=True)
    lane.tell(Change(OK, 60.0), Change(ALARM, 60.0, alarm="disk"))
    assert lane.shown() == ["🔴 ALARM cpu"]
    lane.sweep()
    assert lane.shown() == ["🟢 OK cpu: resolved after 1 min"]


def test_two_changes_in_one_batch_are_one_edit(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.tell(Change(OK, 60.0), Change(ALARM, 120.0))
    assert len(lane.history()[0].edits) == 1
    assert lane.shown() == ["🔴 ALARM cpu: in ALARM, 2 ALARMs so far"]


def test_a_digest_edits_the_first_messages_of_its_alarms_and_is_not_edited(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.tell(Change(OK, 60.0), Change(ALARM, 60.0, alarm="disk"), Change(ALARM, 60.0, alarm="memory"))
    lane.tell(Change(OK, 120.0, alarm="disk"))
    assert lane.shown() == ["🟢 OK cpu: resolved after 1 min", "🟢 1 OK · 🔴 2 ALARM"]
    assert [len(one.edits) for one in lane.history() if not one.thread_ts] == [1, 0]


def test_h9_an_alarm_that_flaps_is_one_thread_with_its_number_of_changes(lane: FollowedLane) -> None:
    tell_all(lane, *[ALARM, OK] * 7, every=40.0)
    assert lane.shown() == ["🟢 OK cpu: flapping: 14 changes in 10 min, resolved after 40 s, 7 ALARMs so far"]
    assert lane.told() == ["ALARM cpu", "> OK cpu", *[">> ALARM cpu", "> OK cpu"] * 6]
    for number in range(6):
        lane.tell(Change(ALARM if number % 2 == 0 else OK, 2_000.0 + number * 1_000.0))
    assert lane.shown() == ["🟢 OK cpu: resolved after 16 min 40 s, 10 ALARMs so far"]


FINAL = ["message_not_found", "edit_window_closed", "cant_update_message", "msg_too_long", "is_inactive"]


@pytest.mark.parametrize("code", FINAL)
def test_h10_an_edit_that_slack_refuses_for_good_is_counted_and_given_up(
    lane: FollowedLane, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lane.tell(Change(ALARM))
    lane.standin.script([{"body": code}], match=EDITS)
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert "HeadlinesNotEdited" in capsys.readouterr().out
    lane.sweep()
    assert (lane.shown(), lane.told()) == (["🔴 ALARM cpu"], ["ALARM cpu", "> OK cpu"])


def test_h10_the_stand_in_refuses_a_text_of_over_4000_characters_and_the_reply_stands(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    [(key, row)] = [one for one in _rows(lane).items() if one[0].startswith("thread#")]
    facts = json.loads(row.facts)
    facts["message"] = json.dumps({"text": "x" * 4_000})
    lane.rows.swap(key, row, replace(row, facts=json.dumps(facts)))
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert (lane.history()[0].edits, lane.told()) == ([], ["ALARM cpu", "> OK cpu"])


def test_h11_a_throttled_edit_stops_edits_but_no_lane_and_the_sweep_corrects_it(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.standin.script([{"status": 429, "retry_after": 120}], match=EDITS)
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert lane.queues.hidden == {}
    lane.sweep()
    assert lane.shown() == ["🔴 ALARM cpu"]
    lane.time.now += 61.0
    lane.sweep()
    assert lane.shown() == ["🟢 OK cpu: resolved after 1 min"]
    assert lane.stale.read() == []


@pytest.mark.parametrize("answer", [{"status": 500}, {"status": 503}, {"body": "fatal_error"}])
def test_h12_an_edit_that_fails_for_now_is_made_by_the_next_sweep(
    lane: FollowedLane, answer: dict[str, object]
) -> None:
    lane.tell(Change(ALARM))
    lane.standin.script([answer], match=EDITS)
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert lane.shown() == ["🔴 ALARM cpu"]
    lane.sweep()
    assert lane.shown() == ["🟢 OK cpu: resolved after 1 min"]
    assert lane.stale.read() == []


def test_h12_an_edit_without_an_answer_is_made_by_the_next_sweep(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    update, lane.bot.update = lane.bot.update, _raise  # type: ignore[method-assign, assignment]
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    lane.bot.update = update  # type: ignore[method-assign]
    lane.sweep()
    assert lane.shown() == ["🟢 OK cpu: resolved after 1 min"]


def test_h13_changes_beyond_the_budget_wait_for_the_sweep(lane: FollowedLane) -> None:
    names = ["cpu", "disk", "memory", "queue", "lag"]
    for name in names:
        lane.tell(Change(ALARM, alarm=name))
    lane.tell(*(Change(OK, 60.0, alarm=name) for name in names))
    edited = [len(one.edits) for one in lane.history() if not one.thread_ts]
    assert edited == [1] * PER_BATCH + [0] * (len(names) - PER_BATCH) + [0]
    lane.sweep()
    assert [len(one.edits) for one in lane.history() if not one.thread_ts] == [1] * len(names) + [0]
    assert lane.stale.read() == []


def test_h13_an_edit_needs_time_before_the_deadline(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.bot.sent.clear()
    lane.sweep(seconds=0.5)
    lane.budget.close(1.0)
    lane.tell(Change(OK, 60.0))
    lane.sweep(seconds=0.5)
    assert (len(lane.bot.sent), len(lane.stale.read()), lane.shown()) == (1, 1, ["🔴 ALARM cpu"])


def test_a_sweep_drops_messages_that_cannot_be_edited_any_more(lane: FollowedLane) -> None:
    lane.stale.add(["thread#team#gone", "thread#team#gone too"])
    lane.sweep()
    assert lane.stale.read() == []


def test_a_change_during_a_sweep_is_edited_by_the_next_one(lane: FollowedLane) -> None:
    tell_all(lane, ALARM, OK)
    [key] = [key for key in _rows(lane) if key.startswith("thread#")]
    lane.stale.add([key])
    update = lane.bot.update

    def overtaken(credentials: BotToken, edit: Edit, timeout: float) -> None:
        row = _rows(lane)[key]
        lane.rows.swap(key, row, replace(row, token="newer"))  # noqa: S106 - a version
        update(credentials, edit, timeout)

    lane.bot.update = overtaken  # type: ignore[method-assign]
    lane.sweep()
    assert lane.stale.read() == [key]


def test_the_budget_is_per_minute_and_closed_by_slack() -> None:
    clock = FakeClock()
    budget = EditBudget(clock)
    assert [budget.take() for _ in range(PER_MINUTE + 1)] == [True] * PER_MINUTE + [False]
    clock.now += 61.0
    assert budget.take()
    budget.close(300.0)
    clock.now += 299.0
    assert not budget.take()
    clock.now += 2.0
    assert budget.take()


def _raise(_credentials: BotToken, _edit: Edit, _timeout: float) -> None:
    raise SlackUnreachable(sent=True)


def _rows(lane: FollowedLane) -> dict[str, Row]:
    assert isinstance(lane.rows, MemoryRows)
    return dict(lane.rows._rows)  # noqa: SLF001 - rows have no list
