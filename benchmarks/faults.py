"""Faults of a Slack that takes one message a second, and the least that a sender of digests can do under each."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.scenario import MINUTE
from tests.support.virtual import slack_behaviours as slack
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.timing import timing

DIGEST = 10
"""Most alerts of one message."""
PUBLISHED_AT = 1.0
OUTAGE = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Fault:
    """Slack takes one message a second, and fails for a share of the posts or until an instant."""

    name: str
    failing: float = 0.0
    failure: Callable[[slack.Behaviour, random.Random], slack.Behaviour] = lambda answer, _: answer
    """Return the failure in place of an answer."""
    outage: float = 0.0

    def inject(self, into: VirtualSlack, seed: int) -> None:
        chance = random.Random(f"fault {seed}")  # noqa: S311 - a simulation
        into.down(0.0, self.outage, slack.UNAVAILABLE)

        def disturb(answer: slack.Behaviour) -> slack.Behaviour:
            return self.failure(answer, chance) if chance.random() < self.failing else answer

        into.disturb = disturb

    @property
    def pauses(self) -> int:
        """The pauses of a lane from the publication to the end of the outage."""
        given, now, pauses = timing(), PUBLISHED_AT, 0
        pause = given["FirstPause"]
        while now < self.outage:
            now, pauses = now + pause, pauses + 1
            pause = min(2 * pause, given["PauseCap"])
        return pauses

    def least_posts(self, alerts: int, succeeding: float = 0.0) -> float:
        """Return the digests divided by the share of posts that succeed: also the seconds at one post a second."""
        return math.ceil(alerts / DIGEST) / (succeeding or 1 - self.failing)

    def least_requests(self, alerts: int, succeeding: float = 0.0) -> float:
        """Return these posts and one request a pause."""
        return self.least_posts(alerts, succeeding) + self.pauses


def _broken(_answer: slack.Behaviour, _chance: random.Random) -> slack.Behaviour:
    return slack.broken(posts=False)


def _reset(answer: slack.Behaviour, chance: random.Random) -> slack.Behaviour:
    """Reset the connection; half of the messages are in the channel by then."""
    return slack.Behaviour(None, posts=answer.posts and chance.choice((True, False)))


FAULTS = (
    Fault("only the rate limit"),
    Fault("10 % answered 500", 0.1, _broken),
    Fault("30 % reset", 0.3, _reset),
    Fault("503 for 10 minutes", outage=OUTAGE),
)
