"""Slack or a part of the stack is down for half a day or longer, and no human does anything."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from record_batch.admission import EXPIRES_AFTER
from tests.conservation.runs import posts, publish
from tests.support.virtual.faults import DENIED
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import NOT_CONNECTED, UNAVAILABLE, Behaviour, throttled
from tests.support.virtual.world import World

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
DOWN = 12 * HOUR
RATE = 15 * MINUTE
"""The template's RedriveRate."""


@pytest.fixture
def stack() -> Iterator[SlackAlerts]:
    with World(3) as world, silence():
        yield SlackAlerts(world)


def play(stack: SlackAlerts, down: float) -> Counter[str]:
    """Redrive by schedule only, until two hours after the fault; return the sums of the reports."""
    redrive = RedriveFunction(stack)
    redrive.schedule(RATE, down + 2 * HOUR)
    stack.world.run(down + 2 * HOUR - 1)
    return redrive.totals()


def check_all_delivered(stack: SlackAlerts, redrives: Counter[str], by: float) -> None:
    """Check that each alert was posted once by then, and is in no queue."""
    statuses = stack.ledger.statuses()
    assert posts(statuses) == {1: len(statuses)}
    assert [token for token, one in statuses.items() if one.dead or one.queued or one.parked] == []
    assert (redrives["failed"], redrives["expired"]) == (0, 0)
    assert max(post.at for post in stack.slack.posts) <= by


@pytest.mark.parametrize("behaviour", [UNAVAILABLE, NOT_CONNECTED, throttled()], ids=["503", "no connection", "429"])
def test_g7_after_twelve_hours_without_slack_everything_is_delivered_and_nothing_had_died(
    stack: SlackAlerts, behaviour: Behaviour
) -> None:
    stack.slack.down(0, DOWN, behaviour)
    publish(stack, 72, every=600.0)
    redrives = play(stack, DOWN)
    check_all_delivered(stack, redrives, DOWN + 10 * MINUTE)
    assert redrives["moved"] == redrives["probes"] == 0


def test_e10_alerts_that_died_in_a_lane_go_back_on_every_run_until_slack_answers(stack: SlackAlerts) -> None:
    """In a day each alert dies: a lane receives a message a thousand times at most."""
    stack.slack.down(0, DAY, UNAVAILABLE)
    publish(stack, 10, every=60.0)
    redrives = play(stack, DAY)
    check_all_delivered(stack, redrives, DAY + RATE + 10 * MINUTE)
    assert redrives["moved"] >= 10


def test_g7_alerts_that_died_while_slack_alerts_was_not_invoked_are_delivered_after_that(stack: SlackAlerts) -> None:
    stack.sender.mapping.throttle(0, 2 * DAY)
    publish(stack, 20, every=60.0)
    redrives = play(stack, 2 * DAY)
    check_all_delivered(stack, redrives, 2 * DAY + RATE + 10 * MINUTE)
    assert redrives["moved"] >= 10  # SQS hands out the first ten, again and again


@pytest.mark.parametrize(("is_throttled", "within"), [(True, 10 * MINUTE), (False, 20 * MINUTE)])
def test_g7_alerts_that_died_before_the_lanes_are_delivered_after_that(
    stack: SlackAlerts, within: float, *, is_throttled: bool
) -> None:
    """Intake is not invoked, or the lanes cannot be written. No new alert arrives: probes show that intake works."""
    if is_throttled:
        stack.intake.mapping.throttle(0, DOWN)
    else:
        stack.sqs.service.faults.down(0, DOWN, DENIED, "send_message_batch")
    publish(stack, 20, every=60.0)
    redrives = play(stack, DOWN)
    check_all_delivered(stack, redrives, DOWN + RATE + within)
    assert redrives["probes"] > 0


@pytest.mark.parametrize("stage", ["intake", "sender"])
def test_e4_alerts_of_twelve_days_are_parked_before_sqs_deletes_them(stack: SlackAlerts, stage: str) -> None:
    down = EXPIRES_AFTER + DAY
    getattr(stack, stage).mapping.throttle(0, down)
    publish(stack, 20, every=60.0)
    assert play(stack, down)["failed"] == 0
    statuses = stack.ledger.statuses()
    assert [one.parked for one in statuses.values()] == [1] * 20
    reasons = {json.loads(one.attributes["holdfast"]["StringValue"])["reason"] for one in stack.parking.messages()}
    assert (reasons, stack.ledger.lost()) == ({"expired"}, [])
