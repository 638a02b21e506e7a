"""The observations of one alert at one destination: its row and its posts."""

from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus

from shared_state.rows import Row, State
from tests.support.virtual.history import Event
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.slack import Request
from tests.support.virtual.slack_behaviours import Behaviour


@dataclass
class Post:
    """A request to Slack with the alert."""

    event: Event
    request: Request
    is_claimed: bool
    """Whether its invocation had the claim in the table."""
    is_settled: bool = False
    """Whether its sender had the result of this post: it made another attempt or ended the claim."""

    @property
    def behaviour(self) -> Behaviour:
        return self.request.behaviour

    @property
    def is_killed(self) -> bool:
        """Whether its sender died before it could use the result."""
        return self.event.is_orphaned and not self.is_settled

    @property
    def is_unanswered(self) -> bool:
        """Whether Slack read it and its sender got no result."""
        return (self.behaviour.status is None and self.behaviour.connects) or self.is_killed

    @property
    def is_doubtful(self) -> bool:
        """Whether its sender could not know if the message is in the channel."""
        is_odd = self.behaviour.status == HTTPStatus.OK and self.behaviour.body != b"ok"
        return self.is_unanswered or is_odd or self.behaviour.status == HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass
class ObservedAlert:
    """One alert at one destination."""

    token: str
    destination: str
    identity: str
    row: Row | None = None
    writer: Event | None = None
    """The event that wrote the row."""
    posts: list[Post] = field(default_factory=list)
    since_parked: list[Post] = field(default_factory=list)
    lapses: int = 0
    """Number of claims that were taken over."""

    @property
    def name(self) -> str:
        return f"{self.token} at {self.destination}"

    @property
    def key(self) -> str:
        """The key of its row: the destination, and the message id from SNS or the identity of the alarm's change."""
        return f"claim#{self.destination}#{sha256(self.identity.encode()).hexdigest()}"

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody can know if the alert is in the channel."""
        return self.lapses > 0 or any(post.is_doubtful for post in self.posts)

    def is_in(self, line: str) -> bool:
        """Return whether this line names the alert."""
        return self.token in TOKEN.findall(line)

    def is_claimed_by(self, event: Event) -> bool:
        """Return whether the invocation of the event has the claim."""
        is_claimed = self.row is not None and self.row.state is State.CLAIMED
        return is_claimed and self.writer is not None and self.writer.task is event.task

    def settle(self, event: Event) -> None:
        """Record that the invocation of the event has the results of its posts so far."""
        for post in self.posts:
            post.is_settled = post.is_settled or post.event.task is event.task
