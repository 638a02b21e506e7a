"""One storm of alerts to a faulty Slack, in virtual time: ours, or a notifier as people write them."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from http import HTTPStatus

from benchmarks.async_function import AsyncFunction
from benchmarks.faults import PUBLISHED_AT, Fault
from benchmarks.notifiers import NOTIFIERS
from benchmarks.scenario import DAY, REDRIVE_RATE
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack import Request
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.world import World

OURS = "Holdfast"


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of the alerts of a storm, and its cost."""

    delivered: int
    lost: int
    """Alerts that were not delivered and are in no queue."""
    duplicates: int
    """Posts beyond the first of each alert."""
    requests: int
    succeeded: float
    """The share of the requests, since the end of the outage, that were answered 200."""
    billed: float
    """Lambda seconds."""
    last: float
    """Seconds from the publication, or from the end of the outage, to the last first post of an alert."""


def play(notifier: str, fault: Fault, alerts: int, seed: int) -> Ends:
    """Publish the alerts at once; return their ends a day later."""
    with World(seed) as world:
        if notifier == OURS:
            return _play_ours(world, fault, alerts, seed)
        function = AsyncFunction(world, NOTIFIERS[notifier])
        fault.inject(function.slack, seed)
        tokens = {function.publish(number, PUBLISHED_AT) for number in range(alerts)}
        world.run(DAY)
        return _ends(function.slack.requests, tokens, function.function.billed, fault)


def _play_ours(world: World, fault: Fault, alerts: int, seed: int) -> Ends:
    stack = SlackAlerts(world)
    fault.inject(stack.slack, seed)
    tokens = {stack.publish(number, at=PUBLISHED_AT) for number in range(alerts)}
    RedriveFunction(stack).schedule(REDRIVE_RATE, DAY)
    world.run(DAY)
    kept = {token for token, status in stack.ledger.statuses().items() if not status.is_lost}
    return _ends(stack.slack.requests, tokens, sum(one.billed for one in stack.functions), fault, kept)


def _ends(
    requests: Sequence[Request],
    tokens: AbstractSet[str],
    billed: float,
    fault: Fault,
    kept: AbstractSet[str] = frozenset(),
) -> Ends:
    posts: Counter[str] = Counter()
    last = began = max(PUBLISHED_AT, fault.outage)
    for request in requests:
        if request.behaviour.posts:
            found = set(TOKEN.findall(request.text))
            last = request.at if found - posts.keys() else last
            posts.update(found)
    return Ends(
        delivered=len(posts),
        lost=len(tokens - posts.keys() - kept),
        duplicates=posts.total() - len(posts),
        requests=len(requests),
        succeeded=_succeeded(requests, began),
        billed=billed,
        last=last - began,
    )


def _succeeded(requests: Sequence[Request], began: float) -> float:
    answers = [one.behaviour.status == HTTPStatus.OK for one in requests if one.at >= began]
    return sum(answers) / len(answers) if answers else 0.0
