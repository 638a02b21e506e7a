"""Play a stack of both stages, and count where its alerts stand."""

from collections import Counter

from tests.conservation.oracle import Oracle
from tests.support.virtual.ledger import Fate
from tests.support.virtual.slack_alerts import SlackAlerts


def play(stack: SlackAlerts, until: float = float("inf")) -> dict[str, Fate]:
    """Let everything happen until then, check that each promise is kept, and return the fates by token."""
    stack.world.run(until)
    assert [*Oracle(stack).violations()] == []
    return stack.road.ledger.fates()


def posts(fates: dict[str, Fate]) -> Counter[int]:
    """Count the alerts by the number of their posts."""
    return Counter(len(fate.posts) for fate in fates.values())
