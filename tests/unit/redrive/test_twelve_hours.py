"""Slack or a part of the stack is down for half a day or longer, and no human does anything."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from record_batch.admission import EXPIRES_AFTER
from tests.support.virtual.faults import DENIED
from tests.support.virtual.ledger import DeliveryStatus
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import NOT_CONNECTED, UNAVAILABLE, Behaviour, throttled
from tests.support.virtual.world import World

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
DOWN = 12 * HOUR
RATE = 15 * MINUTE
"""The template's RedriveRate."""


@dataclass(frozen=True)
class Result:
    """The ends of the alerts."""

    statuses: dict[str, DeliveryStatus]
    redrives: dict[str, int]
    """The sums of their reports."""
    parked: list[str]
    """The reasons."""
    dead_peak: int
    """The most dead letters at the end of a redrive's period."""
    last: float
    """Seconds from the end of the fault to the last delivery."""


def play(break_it: Callable[[SlackAlerts], None], down: float, *, alerts: int = 20, every: float = 60.0) -> Result:
    """Publish alerts while something is broken; redrive by schedule only."""
    with World(3) as world, silence():
        stack = SlackAlerts(world)
        redrive = RedriveFunction(stack)
        break_it(stack)
        for number in range(alerts):
            stack.publish(number, at=number * every)
        dead: list[int] = []
        for period in range(int(down / RATE)):
            world.at(period * RATE, lambda: dead.append(len(stack.dead.messages()) + len(stack.lanes_dead.messages())))
        redrive.schedule(RATE, down + 2 * HOUR)
        world.run(down + 2 * HOUR - 1)
        statuses = stack.ledger.statuses()
        return Result(
            statuses,
            redrive.totals(),
            [json.loads(one.attributes["holdfast"]["StringValue"])["reason"] for one in stack.parking.messages()],
            max(dead),
            max((post.at for status in statuses.values() for post in status.posts), default=0.0) - down,
        )


def assert_all_delivered(result: Result) -> None:
    """Assert that each alert was posted once and is in no queue."""
    assert [len(status.posts) for status in result.statuses.values()] == [1] * len(result.statuses)
    assert [token for token, status in result.statuses.items() if status.dead or status.queued] == []
    assert (result.parked, result.redrives["failed"], result.redrives["expired"]) == ([], 0, 0)


@pytest.mark.parametrize("behaviour", [UNAVAILABLE, NOT_CONNECTED, throttled()], ids=["503", "no connection", "429"])
def test_g7_after_twelve_hours_without_slack_everything_is_delivered_and_nothing_had_died(behaviour: Behaviour) -> None:
    result = play(lambda stack: stack.slack.down(0, DOWN, behaviour), DOWN, alerts=72, every=600.0)
    assert_all_delivered(result)
    assert (result.dead_peak, result.redrives["moved"]) == (0, 0)
    assert result.last <= 10 * MINUTE


def test_e10_alerts_that_died_in_a_lane_go_back_on_every_run_until_slack_answers() -> None:
    """In a day each alert dies: a lane receives a message a thousand times at most."""
    result = play(lambda stack: stack.slack.down(0, DAY, UNAVAILABLE), DAY, alerts=10)
    assert_all_delivered(result)
    assert result.redrives["moved"] >= 10
    assert result.last <= RATE + 10 * MINUTE


def test_g7_alerts_that_died_while_slack_alerts_was_not_invoked_are_delivered_after_that() -> None:
    down = 2 * DAY
    result = play(lambda stack: stack.sender.mapping.throttle(0, down), down)
    assert_all_delivered(result)
    assert result.redrives["moved"] >= 10  # SQS hands out the first ten, again and again
    assert result.last <= RATE + 10 * MINUTE


def test_g7_alerts_that_died_while_intake_was_not_invoked_are_delivered_after_that() -> None:
    """No new alert arrives, so probes show that intake works again."""
    result = play(lambda stack: stack.intake.mapping.throttle(0, DOWN), DOWN)
    assert_all_delivered(result)
    assert result.dead_peak > 0 < result.redrives["probes"]
    assert result.last <= RATE + 10 * MINUTE


def test_g7_alerts_that_died_while_the_lanes_could_not_be_written_are_delivered_after_that() -> None:
    def deny(stack: SlackAlerts) -> None:
        stack.sqs.service.faults.down(0, DOWN, DENIED, "send_message_batch")

    result = play(deny, DOWN)
    assert_all_delivered(result)
    assert result.dead_peak > 0 < result.redrives["probes"]
    assert result.last <= RATE + 20 * MINUTE


@pytest.mark.parametrize("stage", ["intake", "sender"])
def test_e4_alerts_of_twelve_days_are_parked_before_sqs_deletes_them(stage: str) -> None:
    down = EXPIRES_AFTER + DAY
    result = play(lambda stack: getattr(stack, stage).mapping.throttle(0, down), down)
    assert [status.parked for status in result.statuses.values()] == [1] * 20
    assert (set(result.parked), result.redrives["failed"]) == ({"expired"}, 0)
    assert not any(status.is_lost for status in result.statuses.values())
