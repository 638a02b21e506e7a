"""A posted alert whose second copy found the circuit open until it died: redrive sends it back, and nobody sees it."""

from tests.support.virtual.redrive import Redrive
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import UNAVAILABLE
from tests.support.virtual.world import World

HOUR = 3600.0
DOWN = 6 * HOUR


def test_copies_that_died_before_an_open_circuit_are_recognised_when_they_are_redriven() -> None:
    with World(3) as world, silence():
        alerts = SlackAlerts(world)
        redrive = Redrive(alerts)
        road = alerts.road
        posted, waiting = alerts.publish(0), alerts.publish(1, at=60)
        road.slack.down(30, DOWN, UNAVAILABLE)
        for _ in range(12):
            alerts.publish(0, at=90)  # SNS sends it again; another has opened the circuit
        world.run(DOWN)
        dead = {token: fate.dead for token, fate in road.ledger.fates().items()}
        assert (dead[posted] > 1, dead[waiting]) == (True, 1)  # those that came between two pauses are gone already

        redrive.schedule(900, 3 * DOWN)
        world.run(3 * DOWN)
        fates = road.ledger.fates()
        assert [len(fates[token].posts) for token in (posted, waiting)] == [1, 1]
        assert fates[waiting].posts[0].at < DOWN + 5 * HOUR
        assert (len(road.alerts.messages()), len(road.dead.messages()), len(road.parking.messages())) == (0, 0, 0)
        assert (redrive.totals()["parked"], redrive.totals()["failed"]) == (0, 0)
