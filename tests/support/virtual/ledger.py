"""What became of each published message."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack import Request, VirtualSlack

TOKEN = re.compile(r"alert-\d+")


@dataclass
class Fate:
    """Of all copies of one message."""

    published: float
    requests: list[Request] = field(default_factory=list)
    """All that reached Slack, or its closed door."""
    queued: int = 0
    """Visible or in flight."""
    dead: int = 0
    parked: int = 0
    expired: int = 0
    """Copies that a queue has forgotten."""

    @property
    def posts(self) -> list[Request]:
        """Each time it stands in a channel."""
        return [one for one in self.requests if one.behaviour.posts]

    @property
    def is_lost(self) -> bool:
        """Nobody has seen it, and nobody will."""
        return not (self.posts or self.queued or self.dead or self.parked)


@dataclass
class Ledger:
    """Knows a message again by its token, `alert-17`, in its body and in the text of its posts."""

    slack: VirtualSlack
    queued: Sequence[VirtualQueue]
    dead: Sequence[VirtualQueue]
    parking: VirtualQueue
    published: dict[str, float] = field(default_factory=dict)
    """By token, the instant at which its first copy came into the queue."""

    def publish(self, queue: VirtualQueue, number: int, body: str, at: float) -> str:
        """Send the body to the queue at that instant, or now if it is over; return its token."""
        token, scheduler = f"alert-{number}", queue.scheduler

        def send() -> None:
            self.published.setdefault(token, scheduler.now)
            queue.send(body)

        if at <= scheduler.now:
            send()
        else:
            scheduler.at(at, send)
        return token

    def fates(self) -> dict[str, Fate]:
        """By token, as things stand now."""
        fates: dict[str, Fate] = {token: Fate(instant) for token, instant in self.published.items()}
        for request in self.slack.requests:
            for token in _tokens(request.text):
                fates[token].requests.append(request)
        for name, queues in (("queued", self.queued), ("dead", self.dead), ("parked", [self.parking])):
            held = (message.body for queue in queues for message in queue.messages())
            for token, copies in _copies(held).items():
                setattr(fates[token], name, copies)
            forgotten = (message.body for queue in queues for message in queue.expired)
            for token, copies in _copies(forgotten).items():
                fates[token].expired += copies
        return fates

    def lost(self) -> list[str]:
        """The tokens of what nobody has seen, and nobody will."""
        return [token for token, fate in self.fates().items() if fate.is_lost]


def _copies(bodies: Iterable[str]) -> dict[str, int]:
    copies: dict[str, int] = defaultdict(int)
    for body in bodies:
        for token in _tokens(body):
            copies[token] += 1
    return copies


def _tokens(text: str) -> set[str]:
    return set(TOKEN.findall(text))
