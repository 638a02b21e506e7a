"""Threads of alarms in virtual time: crashes and outages of the table around the row of a thread."""

import pytest

from tests.conservation.runs import run
from tests.conservation.thread_oracle import ThreadOracle
from tests.support.virtual.alarm_change import AlarmChange
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.mutes import mute
from tests.support.virtual.operations import Moment
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.table import table_down
from tests.support.virtual.world import World

HOUR = 3600.0


@pytest.fixture
def stack(world: World) -> SlackAlerts:
    return SlackAlerts(world, follow="thread")


def tell(stack: SlackAlerts, *states: str, every: float = 600.0) -> None:
    """Publish these changes of one alarm."""
    for number, state in enumerate(states):
        stack.publish(number, at=number * every, change=AlarmChange("cpu", state, number * every))


def threads(stack: SlackAlerts) -> list[bool]:
    """Run; return for each message whether it is a reply."""
    statuses = run(stack)
    assert all(status.posts for status in statuses.values())
    assert [*ThreadOracle(stack).violations()] == []
    return [bool(one.place.thread_ts) for one in stack.slack.conversations.messages]


def test_the_changes_of_an_alarm_are_one_thread(stack: SlackAlerts) -> None:
    tell(stack, "ALARM", "OK", "ALARM", "OK")
    assert threads(stack) == [False, True, True, True]


@pytest.mark.parametrize(
    ("follow", "is_reply", "edits"), [("update", True, [1, 0]), ("thread", True, [0, 0]), ("off", False, [0, 0])]
)
def test_after_a_mute_an_alarm_is_followed_as_its_route_says(
    world: World, follow: str, *, is_reply: bool, edits: list[int]
) -> None:
    stack = SlackAlerts(world, follow=follow, mute=mute(0.0, HOUR))
    tell(stack, "ALARM", "OK")
    run(stack)
    told = [one for one in stack.slack.conversations.messages if TOKEN.search(one.text)]
    assert [bool(one.place.thread_ts) for one in told] == [False, is_reply]
    assert [len(one.edits) for one in told] == edits


def writes(stack: SlackAlerts, key: str) -> int:
    """Return how often rows with this beginning were written."""
    return sum(getattr(event.fact, "key", "").startswith(key) for event in stack.history.events)


@pytest.mark.parametrize("moment", Moment)
def test_h8_a_crash_around_the_row_of_a_thread_repeats_nothing(world: World, moment: Moment) -> None:
    """The first writes are the row of intake, the claim, its commit and the thread."""
    stack = SlackAlerts(world, follow="thread")
    world.operations.crash(4, moment, "table.swap")
    tell(stack, "ALARM", "OK", "ALARM", "OK")
    is_recorded = moment is Moment.AFTER
    assert threads(stack) == [False, is_recorded, is_recorded, True]
    assert writes(stack, "thread#") == 3 + is_recorded


@pytest.mark.parametrize("moment", Moment)
def test_h14_a_crash_around_an_edit_repeats_nothing_and_the_next_change_edits(world: World, moment: Moment) -> None:
    stack = SlackAlerts(world, follow="update")
    world.operations.crash(1, moment, "slack.update")
    tell(stack, "ALARM", "OK", "ALARM", "OK")
    assert threads(stack) == [False, True, True, True]
    newest = stack.slack.conversations.messages[0].edits[-1]
    assert str(newest.content["text"]).startswith("🟢 OK cpu: resolved after 10 min, 2 ALARMs so far")


@pytest.mark.parametrize("takes_effect", [True, False])
def test_h3_a_table_that_is_down_for_an_hour_costs_no_change(stack: SlackAlerts, *, takes_effect: bool) -> None:
    stack.table.faults.down(300.0, HOUR, table_down(takes_effect=takes_effect))
    tell(stack, "ALARM", "OK", "ALARM", "OK", "ALARM", "OK", "ALARM", "OK", every=900.0)
    told = threads(stack)
    assert (told[0], told[-1], len(told)) == (False, True, 8)
