"""The changes of an alarm as one thread, and each failure in which a change is a message of its own."""

import json
from dataclasses import replace

import pytest

from outcomes.outcome import Delivered
from retry_policies.testing import FakeTime
from shared_state.alarm_threads import CLOSED_FOR, OPEN_FOR
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable
from shared_state.rows_with_fallback import RowsWithFallback
from tests.support.steps.followed_lane import Change, FollowedLane
from tests.support.steps.lane import DELIVERED

ALARM, OK, NO_DATA = "ALARM", "OK", "INSUFFICIENT_DATA"


@pytest.fixture
def lane() -> FollowedLane:
    return FollowedLane()


def rows_of_threads(rows: MemoryRows) -> dict[str, Row]:
    return {key: row for key, row in rows._rows.items() if key.startswith("thread#")}  # noqa: SLF001 - rows have no list


def test_the_changes_of_an_alarm_are_one_thread(lane: FollowedLane) -> None:
    for number, state in enumerate([ALARM, OK, ALARM, OK]):
        assert lane.tell(Change(state, number * 60.0)) == [Delivered()]
    assert lane.told() == ["ALARM cpu", "> OK cpu", ">> ALARM cpu", "> OK cpu"]
    assert len(lane.threads()) == 1


def test_a_change_for_the_worse_is_also_in_the_channel(lane: FollowedLane) -> None:
    for number, state in enumerate([ALARM, NO_DATA, OK, NO_DATA, ALARM]):
        lane.tell(Change(state, number * 60.0))
    expected = ["ALARM cpu", "> INSUFFICIENT_DATA cpu", "> OK cpu", ">> INSUFFICIENT_DATA cpu", ">> ALARM cpu"]
    assert lane.told() == expected


def test_each_alarm_has_its_own_thread(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM), Change(ALARM, alarm="memory"))
    lane.tell(Change(OK, 60.0, alarm="memory"), Change(OK, 61.0))
    assert lane.threads() == [["ALARM cpu", "OK cpu"], ["ALARM memory", "OK memory"]]


def test_an_alarm_after_quiet_changes_begins_a_thread(lane: FollowedLane) -> None:
    for number, state in enumerate([NO_DATA, OK, ALARM, OK]):
        lane.tell(Change(state, number * 60.0))
    assert lane.threads() == [["INSUFFICIENT_DATA cpu", "OK cpu"], ["ALARM cpu", "OK cpu"]]


@pytest.mark.parametrize("follow", ["off", "thread"])
def test_the_route_decides_whether_an_alarm_is_followed(lane: FollowedLane, follow: str) -> None:
    lane.tell(Change(ALARM, follow=follow))
    lane.tell(Change(OK, 60.0, follow=follow))
    assert lane.told() == (["ALARM cpu", "OK cpu"] if follow == "off" else ["ALARM cpu", "> OK cpu"])


def test_a_webhook_gets_messages_of_their_own_and_costs_no_row(lane: FollowedLane) -> None:
    lane.bot_secrets.is_webhook = True
    lane.tell(Change(ALARM))
    lane.tell(Change(OK, 60.0))
    assert [message.reply for message in lane.bot.sent] == [None, None]
    assert isinstance(lane.rows, MemoryRows)
    assert rows_of_threads(lane.rows) == {}


@pytest.mark.parametrize("mention", ["<!here>", "<!channel>", "<!everyone>"])
def test_a_mention_of_the_channel_is_not_hidden_in_a_thread(lane: FollowedLane, mention: str) -> None:
    for number, state in enumerate([ALARM, OK, ALARM, OK]):
        lane.tell(Change(state, number * 60.0, mention=mention))
    assert lane.threads() == [["ALARM cpu", "OK cpu"], ["ALARM cpu", "OK cpu"]]


def test_a_mention_of_a_person_is_in_the_thread(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM, mention="<@U012AB3CD>"))
    lane.tell(Change(OK, 60.0, mention="<@U012AB3CD>"))
    assert lane.told() == ["ALARM cpu", "> OK cpu"]


@pytest.mark.parametrize(("state", "kept"), [(OK, CLOSED_FOR), (ALARM, OPEN_FOR)])
def test_a_thread_ends_a_while_after_its_last_change(lane: FollowedLane, state: str, kept: float) -> None:
    lane.tell(Change(ALARM))
    lane.tell(Change(state, 60.0))
    lane.time.now += kept - 120.0
    lane.tell(Change(NO_DATA, kept))
    lane.time.now += CLOSED_FOR + 1.0
    lane.tell(Change(OK, kept + CLOSED_FOR + 60.0))
    assert [len(thread) for thread in lane.threads()] == [3, 1]


def test_h1_below_a_deleted_message_a_change_begins_a_new_thread(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.standin.delete("ops")
    lane.tell(Change(ALARM, 60.0))
    lane.tell(Change(OK, 120.0))
    assert lane.told() == ["ALARM cpu", "> OK cpu"]


def test_h2_without_a_ts_in_the_answer_the_next_change_is_a_message_of_its_own(lane: FollowedLane) -> None:
    lane.bot.has_ts = False
    assert lane.tell(Change(ALARM)) == [DELIVERED]
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert lane.told() == ["ALARM cpu", "OK cpu"]


def test_h2_a_reply_without_a_ts_in_its_answer_keeps_the_thread(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.bot.has_ts = False
    lane.tell(Change(OK, 60.0))
    lane.bot.has_ts = True
    lane.tell(Change(ALARM, 120.0))
    assert lane.told() == ["ALARM cpu", "> OK cpu", ">> ALARM cpu"]


class BrokenTable(MemoryRows):
    """A table that fails with each operation in `broken`."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: set[str] = set()

    def read(self, key: str) -> Row | None:
        if "read" in self.broken and key.startswith("thread#"):
            raise RowsUnavailable("down")
        return super().read(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if "swap" in self.broken and key.startswith("thread#"):
            raise RowsUnavailable("down")
        super().swap(key, old, new)


@pytest.mark.parametrize("operation", ["read", "swap"])
def test_h3_while_the_table_is_down_a_change_is_a_message_of_its_own(operation: str) -> None:
    table, time = BrokenTable(), FakeTime(1000.0)
    lane = FollowedLane(time=time, rows=RowsWithFallback(table, clock=time.clock))
    table.broken.add(operation)
    assert lane.tell(Change(ALARM)) == [DELIVERED]
    table.broken.clear()
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    lane.tell(Change(ALARM, 120.0))
    lane.tell(Change(OK, 180.0))
    assert lane.threads() == [["ALARM cpu"], ["OK cpu"], ["ALARM cpu", "OK cpu"]]


@pytest.mark.parametrize("facts", ["", "[]", '{"ts": "1.0"}', '{"unknown": 1}'])
def test_h3_an_unreadable_row_counts_as_none_and_is_replaced(lane: FollowedLane, facts: str) -> None:
    lane.tell(Change(ALARM))
    assert isinstance(lane.rows, MemoryRows)
    for key, row in rows_of_threads(lane.rows).items():
        lane.rows.swap(key, row, replace(row, facts=facts))
    lane.tell(Change(ALARM, 60.0))
    lane.tell(Change(OK, 120.0))
    assert lane.threads() == [["ALARM cpu"], ["ALARM cpu", "OK cpu"]]


class ContestedRows(MemoryRows):
    """Rows of threads that another invocation changes before each of ours."""

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if key.startswith("thread#"):
            super().swap(key, self.read(key), replace(new, token="another", facts=json.dumps({})))  # noqa: S106 - a version
        super().swap(key, old, new)


def test_h3_a_row_that_another_invocation_has_changed_stays() -> None:
    lane = FollowedLane(rows=ContestedRows())
    assert lane.tell(Change(ALARM)) == [DELIVERED]
    assert isinstance(lane.rows, MemoryRows)
    assert [row.token for row in rows_of_threads(lane.rows).values()] == ["another"]


def test_h3_a_row_is_not_read_without_time_for_the_post(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    assert lane.tell(Change(OK, 60.0), seconds=4.5) == [DELIVERED]
    assert lane.told() == ["ALARM cpu", "OK cpu"]


def test_h4_an_alarm_after_its_ok_says_that_it_is_over(lane: FollowedLane) -> None:
    lane.tell(Change(OK, 60.0))
    lane.tell(Change(ALARM, 0.0))
    lane.tell(Change(ALARM, 120.0))
    assert lane.told() == ["OK cpu", ">> ALARM cpu", ">> ALARM cpu"]
    notes = ["already over: OK since 2026-01-31 12:01:00 UTC" in message.text for message in lane.bot.sent]
    assert notes == [False, True, False]


def test_h4_a_late_change_does_not_replace_the_newest(lane: FollowedLane) -> None:
    for change in (Change(ALARM, 0.0), Change(OK, 120.0), Change(ALARM, 60.0), Change(NO_DATA, 180.0)):
        lane.tell(change)
    assert lane.told() == ["ALARM cpu", "> OK cpu", ">> ALARM cpu", ">> INSUFFICIENT_DATA cpu"]


def test_h5_three_changes_are_a_digest_in_the_channel_and_later_ones_follow_in_its_thread(lane: FollowedLane) -> None:
    lane.tell(*(Change(ALARM, alarm=name) for name in ("cpu", "memory", "disk")))
    lane.tell(Change(OK, 60.0), Change(OK, 60.0, alarm="disk"))
    assert lane.threads() == [["ALARM cpu + ALARM memory + ALARM disk", "OK cpu", "OK disk"]]


def test_h5_a_digest_of_changes_keeps_their_threads(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.tell(Change(OK, 60.0), Change(ALARM, 60.0, alarm="disk"), Change(ALARM, 61.0))
    lane.tell(Change(OK, 120.0), Change(OK, 120.0, alarm="disk"))
    digest = "OK cpu + ALARM disk + ALARM cpu"
    assert lane.threads() == [["ALARM cpu", "OK cpu"], [digest, "OK disk"]]


@pytest.mark.parametrize(
    "code", ["cannot_reply_to_message", "restricted_action_thread_locked", "restricted_action_non_threadable_channel"]
)
def test_h6_a_reply_that_slack_refuses_is_a_message_of_its_own(lane: FollowedLane, code: str) -> None:
    lane.tell(Change(ALARM))
    lane.standin.script([{"body": code}], match='"thread_ts"', repeat=True)
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert lane.told() == ["ALARM cpu", "OK cpu"]
    assert lane.ops_lines == []


def test_h6_a_reply_whose_blocks_slack_refuses_stays_in_the_thread(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.standin.script([{"body": "invalid_blocks"}])
    assert lane.tell(Change(OK, 60.0)) == [DELIVERED]
    assert lane.told() == ["ALARM cpu", "> OK cpu"]


def test_h7_in_another_channel_a_change_begins_a_new_thread(lane: FollowedLane) -> None:
    lane.tell(Change(ALARM))
    lane.bot_secrets.channel = "other"
    lane.tell(Change(OK, 60.0))
    lane.tell(Change(ALARM, 120.0))
    assert lane.told() == ["ALARM cpu"]
    assert [one.thread_ts for one in lane.standin.history("other")] == ["", ""]
