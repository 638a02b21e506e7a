"""Muted routes in virtual time, where the alerts are sent by intake and posted by slack_alerts."""

import json
import re
from collections.abc import Mapping

import pytest

from aws_events.strict_json import Json
from tests.conservation.runs import run
from tests.support.virtual.alert_messages import DEFAULT, TEAM
from tests.support.virtual.faults import DENIED
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.mutes import mute
from tests.support.virtual.operations import Moment
from tests.support.virtual.slack_alerts import ROUTES, SlackAlerts
from tests.support.virtual.world import World

HOUR = 3_600.0
DAY = 24 * HOUR
SOON = 60.0
"""Seconds to move and post a few alerts."""
CHECK = 900.0
HAS_ENDED = "Mute until 2026-01-31 13:00 UTC: has ended"


def told(stack: SlackAlerts, *, to: str = DEFAULT) -> list[tuple[float, str]]:
    """Return the posts of a channel: the time of each, and its alerts or our own title."""
    posts = [one for one in stack.slack.requests if f"/{to}/" in one.destination and one.behaviour.posts]
    return [(one.at, " ".join(_names(one.text))) for one in posts]


def _names(text: str) -> list[str]:
    return [
        found[0] or found[1] for found in re.findall(rf"({TOKEN.pattern})|(Mute until [^:]+:\d\d UTC: [a-z ]+)", text)
    ]


def change_routes(stack: SlackAlerts, at: float, fields: Mapping[str, Json]) -> None:
    stack.world.at(at, lambda: stack.store_routes(fields))


def test_alerts_of_a_muted_route_wait_until_its_end_and_arrive_as_digests(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, HOUR))
    for number in range(25):
        stack.publish(number, at=number * 100.0)
    stack.publish(25, at=HOUR + 600.0)
    run(stack)
    [begun, *others, late] = told(stack)
    assert (begun[0] < SOON, begun[1]) == (True, "Mute until 2026-01-31 13:00 UTC: begins")
    assert all(HOUR <= at < HOUR + SOON for at, _ in others)
    assert " ".join(names for _, names in others).replace(HAS_ENDED, "").split() == [
        f"alert-{number}" for number in range(25)
    ]
    assert others[0][1].startswith(HAS_ENDED)
    assert len(others) <= 5
    assert (late[0] - HOUR - 600.0 < SOON, late[1]) == (True, "alert-25")


def test_each_alert_says_until_when_it_was_muted(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, HOUR))
    for number in range(4):
        stack.publish(number, at=10.0)
    run(stack)
    texts = [line for one in stack.slack.requests for line in one.text.splitlines() if TOKEN.search(line)]
    assert len(texts) == 4
    assert all("muted until 2026-01-31 13:00 UTC" in text for text in texts)


def test_other_destinations_and_alerts_before_the_mute_do_not_wait(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(HOUR, 2 * HOUR))
    stack.publish(0, at=0.0)
    stack.publish(1, at=HOUR + 1.0)
    run(stack)
    assert next((names, at < SOON) for at, names in told(stack)) == ("alert-0", True)
    assert [names for at, names in told(stack) if at > 2 * HOUR][-1].endswith("alert-1")


def test_h23_a_mute_that_is_removed_ends_at_the_next_look_at_the_routes(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, 5 * HOUR))
    stack.publish(0, at=1.0)
    change_routes(stack, HOUR, {})
    run(stack)
    assert [(names, HOUR < at < HOUR + CHECK + SOON) for at, names in told(stack)][1:] == [
        ("Mute until 2026-01-31 17:00 UTC: some alerts wait no longer", True),
        ("alert-0", True),
    ]


@pytest.mark.parametrize("ends", [2 * HOUR, 7 * HOUR])
def test_h23_a_mute_that_is_shortened_or_prolonged_ends_at_its_new_end(world: World, ends: float) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, 5 * HOUR))
    for number in range(12):
        stack.publish(number, at=1.0)
    change_routes(stack, HOUR, mute(0.0, ends))
    run(stack)
    arrived = {token: at for at, names in told(stack) for token in names.split() if token.startswith("alert-")}
    assert len(arrived) == 12
    assert all(ends <= at < ends + SOON for at in arrived.values())


def test_h24_a_mute_may_be_prolonged_twenty_times(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, HOUR))
    stack.publish(0, at=1.0)
    for number in range(1, 21):
        change_routes(stack, (number - 0.5) * HOUR, mute(0.0, (number + 1) * HOUR))
    run(stack)
    assert [21 * HOUR <= at < 21 * HOUR + SOON for at, names in told(stack) if "alert-0" in names] == [True]


def test_one_route_of_a_destination_does_not_hold_the_alerts_of_another(world: World) -> None:
    """Both mutes have the same end, and more alerts of the first wait than SQS delivers at once."""
    stack = SlackAlerts(world, mute=mute(0.0, 5 * HOUR))
    first, second = (dict[str, Json](match={"topic": topic}, destination=TEAM) for topic in (DEFAULT, TEAM))
    muted = mute(0.0, 5 * HOUR)
    stack.store.put(ROUTES, _document(first | muted, second | muted))
    for number in range(15):
        stack.publish(number, DEFAULT, at=1.0)
    stack.publish(15, TEAM, at=2.0)
    world.at(HOUR, lambda: stack.store.put(ROUTES, _document(first | muted, second)))
    run(stack)
    [arrived] = [at for at, names in told(stack, to=TEAM) if "alert-15" in names.split()]
    assert HOUR < arrived < HOUR + CHECK + SOON


def _document(*routes: Mapping[str, Json]) -> str:
    return json.dumps({"routes": routes})


def test_h24_no_alert_waits_for_more_than_seven_days(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, 6 * DAY))
    stack.publish(0, at=1.0)
    change_routes(stack, 5 * DAY, mute(5 * DAY, 12 * DAY))
    run(stack)
    assert [7 * DAY <= at < 7 * DAY + CHECK + SOON for at, names in told(stack) if names == "alert-0"] == [True]
    assert not stack.lanes_dead.messages()


def test_a_mute_of_seven_days_needs_fewer_receives_than_make_a_dead_letter(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, 7 * DAY))
    stack.publish(0, at=1.0)
    died: list[object] = []
    stack.lanes_dead.on_send.append(died.append)
    run(stack)
    assert died == []
    assert [names for _, names in told(stack)][-1] == "alert-0"


def test_h22_while_the_routes_cannot_be_read_alerts_wait_until_the_end_that_was_known(world: World) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, HOUR))
    stack.publish(0, at=1.0)
    stack.store.service.faults.down(60.0, 2 * HOUR, DENIED)
    stack.sender.function.recycle()
    run(stack)
    [arrived] = [at for at, names in told(stack) if names.endswith("alert-0")]
    assert arrived >= HOUR


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("operation", ["sqs.send_message_batch", "sqs.delete_message_batch", "table.swap"])
@pytest.mark.parametrize("nth", range(1, 7))
def test_h21_a_crash_around_a_mute_loses_no_alert_and_repeats_none(
    world: World, moment: Moment, operation: str, nth: int
) -> None:
    stack = SlackAlerts(world, mute=mute(0.0, HOUR))
    for number in range(4):
        stack.publish(number, at=1.0)
    world.operations.crash(nth, moment, operation)
    statuses = run(stack)
    assert [len(status.posts) for status in statuses.values()] == [1] * 4
