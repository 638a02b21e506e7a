"""The property: whatever happens, no alert is lost, and what is repeated has a cause."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, seed, settings

from tests.conservation.oracle import Oracle
from tests.conservation.schedule import REFUSED, Schedule, Throttled
from tests.conservation.schedules import schedules
from tests.support.virtual.slack_alerts import DIES_EARLY, DIES_LATE, SlackAlerts
from tests.support.virtual.world import World

LONGEST_THROTTLED = 3600.0
"""Seconds; each receive that comes to nothing costs a message 360 of its 20."""


def check(schedule: Schedule) -> None:
    """Play it, mend everything, send back what is put aside: every promise is kept, and every alert arrives."""
    with World(schedule.seed, jitter=1.0) as world:
        stack = schedule.play(world)
        broken = [*Oracle(stack).violations(), *_dead(schedule, stack)]
        assert not broken, broken
        stack.mend()
        for queue in (stack.road.dead, stack.road.parking):
            stack.redrive(queue)
        world.run()
        broken = [*Oracle(stack).violations(), *_dead(schedule, stack), *_undelivered(schedule, stack)]
        assert not broken, broken


def _dead(schedule: Schedule, stack: SlackAlerts) -> list[str]:
    """Only what kills the function each time may run out of receives, or what meets nobody to invoke for an hour."""
    if sum(one.seconds for one in schedule.faults if isinstance(one, Throttled)) >= LONGEST_THROTTLED:
        return []
    fates = stack.road.ledger.fates()
    return [
        f"alert-{number} is dead"
        for number, alert in enumerate(schedule.alerts)
        if fates[f"alert-{number}"].dead and alert.word not in {DIES_EARLY, DIES_LATE}
    ]


def _undelivered(schedule: Schedule, stack: SlackAlerts) -> list[str]:
    """In the end all is well, but for what can never be posted."""
    fates = stack.road.ledger.fates()
    return [
        f"alert-{number} was not posted in the end"
        for number, alert in enumerate(schedule.alerts)
        if not fates[f"alert-{number}"].posts and alert.word not in {REFUSED, DIES_EARLY, DIES_LATE}
    ]


def conserves(number: int, examples: int) -> Callable[[], None]:
    """The property over so many schedules, always the same ones for that number."""
    decided = settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))

    @seed(number)
    @decided
    @given(schedules)
    def run(schedule: Schedule) -> None:
        check(schedule)

    return run
