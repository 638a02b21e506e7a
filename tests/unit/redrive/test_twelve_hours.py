"""Slack is down for half a day, and nobody gets up: the schedule of redrive brings everything back."""

import json

import pytest

from tests.support.virtual.redrive import Redrive
from tests.support.virtual.slack_alerts import DIES_EARLY, SlackAlerts
from tests.support.virtual.slack_behaviours import NOT_CONNECTED, UNAVAILABLE, Behaviour, throttled
from tests.support.virtual.world import World

HOUR = 3600.0
DOWN = 12 * HOUR
QUARTER = 900.0


@pytest.mark.parametrize("answer", [UNAVAILABLE, throttled(), NOT_CONNECTED], ids=["503", "429", "no connection"])
def test_g7_after_twelve_hours_everything_is_delivered_without_a_human(answer: Behaviour) -> None:
    with World(7) as world:
        alerts = SlackAlerts(world)
        redrive = Redrive(alerts)
        road = alerts.road
        road.slack.down(0, DOWN, answer)
        published = [alerts.publish(number, at=number * 300.0) for number in range(150)]
        redrive.schedule(QUARTER, 3 * DOWN)
        world.run(3 * DOWN)

        fates = road.ledger.fates()
        assert [token for token in published if len(fates[token].posts) != 1] == []
        assert (len(road.alerts.messages()), len(road.dead.messages()), len(road.parking.messages())) == (0, 0, 0)
        last = max(fates[token].posts[0].at for token in published)
        assert last < DOWN + HOUR
        totals = redrive.totals()
        refused = sum(not request.behaviour.posts for request in road.slack.requests)
        say(
            f"{answer.status}: {len(published)} alerts, {totals['moved']} hops, {totals['probes']} probes, "
            f"{len(redrive.reports)} redrives, {len(road.slack.requests)} requests ({refused} while down), "
            f"all there {(last - DOWN) / 60:.0f} min after the end, {redrive.function.billed:.0f} s of redrive billed"
        )
        assert totals["parked"] == totals["failed"] == 0
        assert refused < 12 * 60  # far from one request for each alert and quarter of an hour


def test_e10_when_nothing_new_comes_probes_find_out_that_slack_is_back_and_cost_no_hop() -> None:
    with World(3) as world:
        alerts = SlackAlerts(world)
        redrive = Redrive(alerts)
        road = alerts.road
        road.slack.down(0, DOWN, UNAVAILABLE)
        published = [alerts.publish(number) for number in range(20)]
        redrive.schedule(QUARTER, 2 * DOWN)
        world.run(DOWN)
        totals = redrive.totals()
        assert (totals["moved"], totals["parked"]) == (0, 0)
        assert totals["probes"] > 0
        world.run(2 * DOWN)

        fates = road.ledger.fates()
        assert [token for token in published if len(fates[token].posts) != 1] == []
        assert max(fates[token].posts[0].at for token in published) < DOWN + HOUR
        totals = redrive.totals()
        say(
            f"silence: {len(published)} alerts, {totals['moved']} hops, {totals['probes']} probes, "
            f"{len(road.slack.requests)} requests"
        )


def test_e10_a_crasher_ends_in_parking_after_three_redrives_and_takes_nobody_with_it() -> None:
    with World(11) as world:
        alerts = SlackAlerts(world)
        redrive = Redrive(alerts)
        road = alerts.road
        road.slack.down(0, DOWN, UNAVAILABLE)
        crasher = alerts.publish(0, words=DIES_EARLY)
        others = [alerts.publish(number, at=number * 900.0) for number in range(1, 40)]
        redrive.schedule(QUARTER, 5 * DOWN)
        world.run(5 * DOWN)

        fates = road.ledger.fates()
        assert [token for token in others if len(fates[token].posts) != 1] == []
        assert (fates[crasher].posts, fates[crasher].parked, fates[crasher].dead) == ([], 1, 0)
        [parked] = road.parking.messages()
        facts = json.loads(parked.attributes["holdfast"]["StringValue"])
        assert (facts["reason"], facts["hop"]) == ("keeps_failing", 3)
        totals = redrive.totals()
        say(
            f"crasher parked after {facts['hop']} hops; {len(others)} others delivered with {totals['moved']} hops and "
            f"{totals['probes']} probes; {len(road.function.invocations)} invocations"
        )


def say(line: str) -> None:
    print(line)  # noqa: T201 - the proof's numbers, for pytest -s
