"""The ledger: where the copies of each published message are now."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack import Request, VirtualSlack

TOKEN = re.compile(r"alert-\d+")


def token_in(text: str) -> str:
    return str(TOKEN.findall(text)[0])


@dataclass
class DeliveryStatus:
    """The state of all copies of one message."""

    published: float
    requests: list[Request] = field(default_factory=list)
    """The requests to Slack with the message, delivered or refused."""
    queued: int = 0
    """Visible or in flight."""
    dead: int = 0
    parked: int = 0
    expired: int = 0
    """Copies whose retention ended in a queue."""

    @property
    def posts(self) -> list[Request]:
        """The requests that put the message into a channel."""
        return [one for one in self.requests if one.behaviour.posts]

    @property
    def is_lost(self) -> bool:
        """Whether the message was never posted and no queue has a copy."""
        return not (self.posts or self.queued or self.dead or self.parked)


@dataclass
class Ledger:
    """Messages are recognised by their token, such as `alert-17`, in their body and in the text of their posts."""

    slack: VirtualSlack
    parking: VirtualQueue
    queued: list[VirtualQueue] = field(default_factory=list)
    dead: list[VirtualQueue] = field(default_factory=list)
    published: dict[str, float] = field(default_factory=dict)
    """Token -> the time at which its first copy was sent to a queue."""

    def publish(self, queue: VirtualQueue, number: int, body: str, at: float) -> str:
        """Send the body to the queue at that instant, or now if it is past; return its token."""
        token, scheduler = f"alert-{number}", queue.scheduler

        def send() -> None:
            self.published.setdefault(token, scheduler.now)
            queue.send(body)

        if at <= scheduler.now:
            send()
        else:
            scheduler.at(at, send)
        return token

    def statuses(self) -> dict[str, DeliveryStatus]:
        statuses: dict[str, DeliveryStatus] = {
            token: DeliveryStatus(instant) for token, instant in self.published.items()
        }
        for request in self.slack.requests:
            for token in _tokens(request.text):
                statuses[token].requests.append(request)
        for name, queues in (("queued", self.queued), ("dead", self.dead), ("parked", [self.parking])):
            held = (message.body for queue in queues for message in queue.messages())
            for token, copies in _copies(held).items():
                setattr(statuses[token], name, copies)
            forgotten = (message.body for queue in queues for message in queue.expired)
            for token, copies in _copies(forgotten).items():
                statuses[token].expired += copies
        return statuses

    def lost(self) -> list[str]:
        return [token for token, status in self.statuses().items() if status.is_lost]


def _copies(bodies: Iterable[str]) -> dict[str, int]:
    copies: dict[str, int] = defaultdict(int)
    for body in bodies:
        for token in _tokens(body):
            copies[token] += 1
    return copies


def _tokens(text: str) -> set[str]:
    return set(TOKEN.findall(text))
