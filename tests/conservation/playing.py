"""Play a stack of both stages, and count where its alerts stand."""

from collections import Counter

from tests.conservation.oracle import Oracle
from tests.support.virtual.ledger import DeliveryStatus
from tests.support.virtual.slack_alerts import SlackAlerts


def play(stack: SlackAlerts, until: float = float("inf")) -> dict[str, DeliveryStatus]:
    """Let everything happen until then, check that each promise is kept, and return the statuses by token."""
    stack.world.run(until)
    assert [*Oracle(stack).violations()] == []
    return stack.ledger.statuses()


def posts(statuses: dict[str, DeliveryStatus]) -> Counter[int]:
    """Count the alerts by the number of their posts."""
    return Counter(len(status.posts) for status in statuses.values())
