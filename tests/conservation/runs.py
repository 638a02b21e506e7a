"""Runs of a SlackAlerts stack that are checked by the oracle."""

from collections import Counter

from tests.conservation.alert_oracle import AlertOracle
from tests.support.virtual.ledger import DeliveryStatus
from tests.support.virtual.slack_alerts import SlackAlerts


def run(stack: SlackAlerts, until: float = float("inf")) -> dict[str, DeliveryStatus]:
    """Run until then, check that each promise is kept, and return the status of each token."""
    stack.world.run(until)
    assert [*AlertOracle(stack).violations()] == []
    return stack.ledger.statuses()


def posts(statuses: dict[str, DeliveryStatus]) -> Counter[int]:
    """Count the alerts by the number of their posts."""
    return Counter(len(status.posts) for status in statuses.values())


def delays(statuses: dict[str, DeliveryStatus]) -> list[float]:
    """Return the seconds from the publication of each alert to its first post."""
    return [status.posts[0].at - status.published for status in statuses.values()]


def publish(stack: SlackAlerts, end: int, *, first: int = 0, every: float = 0.0) -> None:
    """Publish the alerts from `first` up to `end` to the default destination; alert n at n times `every` seconds."""
    for number in range(first, end):
        stack.publish(number, at=number * every)
