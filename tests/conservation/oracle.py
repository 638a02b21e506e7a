"""Whether all promises were kept: judged by what Slack, the table and the queues saw, and by nothing of ours."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus

from record_batch.rows import Row, State
from record_batch.rows_with_fallback import LEFT_ALONE
from slack_alerts.posting import DOUBT
from tests.support.virtual.function import End
from tests.support.virtual.history import Acknowledged, ClockSet, Event, Parked, TableFailed, Written
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.slack import Request
from tests.support.virtual.slack_alerts import TOPICS, SlackAlerts
from tests.support.virtual.slack_behaviours import Behaviour

MOST_UNANSWERED = 5
INVOCATION = 60.0
REACH = LEFT_ALONE + INVOCATION
"""Seconds for which a failure of the table excuses its environment: it is left alone, then an invocation goes on."""


@dataclass
class Post:
    """A request, with what is known of it later."""

    event: Event
    request: Request
    is_claimed: bool
    """The table had a claim of its own invocation."""
    is_settled: bool = False
    """Its sender has gone on: to another attempt, or to end the claim. So he had learned what became of it."""

    @property
    def behaviour(self) -> Behaviour:
        return self.request.behaviour

    @property
    def is_unanswered(self) -> bool:
        """It was read, and its sender never learned what became of it."""
        killed = self.event.is_orphaned and not self.is_settled
        return (self.behaviour.status is None and self.behaviour.connects) or killed

    @property
    def is_doubtful(self) -> bool:
        """Its sender could not know whether it stands in the channel."""
        is_odd = self.behaviour.status == HTTPStatus.OK and self.behaviour.body != b"ok"
        return self.is_unanswered or is_odd or self.behaviour.status == HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass
class Story:
    """One alert at one destination."""

    token: str
    destination: str
    row: Row | None = None
    owner: Event | None = None
    """Who wrote the row."""
    posts: list[Post] = field(default_factory=list)
    since_parked: list[Post] = field(default_factory=list)
    has_lapsed: bool = False

    @property
    def name(self) -> str:
        return f"{self.token} at {self.destination}"

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may stand in the channel, as far as anybody could know."""
        return self.has_lapsed or any(post.is_doubtful for post in self.posts)

    def settle(self, event: Event) -> None:
        """Whoever did this knows what became of his posts so far."""
        for post in self.posts:
            post.is_settled = post.is_settled or post.event.task is event.task


@dataclass
class Oracle:
    """Reads a history from its beginning to its end."""

    stack: SlackAlerts
    stories: dict[str, Story] = field(default_factory=dict)
    """By the key in the table."""
    ended: set[str] = field(default_factory=set)
    """Tokens of what was posted, or parked, so far."""
    failures: list[Event] = field(default_factory=list)
    """Of the table, so far."""
    is_clock_set: bool = False

    def violations(self) -> Iterator[str]:
        """A sentence for each promise broken."""
        for token in self.stack.road.ledger.published:
            for destination in TOPICS:
                self.stories[_key(destination, token)] = Story(token, destination)
        for event in self.stack.history.events:
            for sentence in self._judge(event):
                yield f"{event.at:.2f} s: {sentence}"
        yield from (f"{token} is lost" for token in self.stack.road.ledger.lost())
        for invocation in self.stack.road.function.invocations:
            if invocation.end is End.RAISED:
                yield f"the handler raised {invocation.error!r}"

    def _judge(self, event: Event) -> Iterable[str]:
        match event.fact:
            case TableFailed():
                self.failures.append(event)
            case ClockSet():
                self.is_clock_set = True
            case Parked(body):
                self.ended.add(_token(body))
                if body not in self.stack.published:
                    return ["what was parked is not what was published"]
            case Acknowledged(body) if _token(body) not in self.ended:
                return [f"{_token(body)} was acknowledged, and neither posted nor parked"]
            case Written(key) as written if key in self.stories:
                return self._write(self.stories[key], event, written)
            case Request() as request:
                destination = request.destination.split("/")[-2]
                return self._request(self.stories[_key(destination, _token(request.text))], event, request)
            case _:
                pass
        return []

    def _request(self, story: Story, event: Event, request: Request) -> Iterator[str]:
        owner = story.owner
        is_claimed = (
            story.row is not None
            and story.row.state is State.CLAIMED
            and owner is not None
            and owner.task is event.task
        )
        post = Post(event, request, is_claimed)
        story.settle(event)
        if not is_claimed and not self._is_excused(event):
            yield f"{story.name} was posted without a claim"
        if is_claimed:
            yield from self._repeated(story)
            yield from self._marked(story, post)
            story.since_parked.append(post)
            unanswered = sum(one.is_unanswered for one in story.since_parked)
            if unanswered > MOST_UNANSWERED:
                yield f"{story.name} got {unanswered} posts without an answer"
        story.posts.append(post)
        if request.behaviour.posts:
            self.ended.add(_token(request.text))

    def _repeated(self, story: Story) -> Iterator[str]:
        """It may stand in the channel already only where nobody could know, or say, that it does."""
        for earlier in story.posts:
            is_known = earlier.behaviour.posts and not earlier.is_doubtful and earlier.is_claimed
            if is_known and not self._is_excused(earlier.event):
                yield f"{story.name} was posted again after a post that is known"

    def _marked(self, story: Story, post: Post) -> Iterator[str]:
        is_marked = DOUBT in post.request.text
        has_doubt = any(one.is_doubtful and one.is_claimed for one in story.posts)
        if has_doubt and not is_marked:
            yield f"{story.name} was posted without a mark after a post that may have arrived"
        anywhere = (self.stories[_key(destination, story.token)] for destination in TOPICS)
        is_excused = self.failures or self.is_clock_set or any(one.is_in_doubt for one in anywhere)
        if is_marked and not is_excused:
            yield f"{story.name} was marked, and no earlier post of it can have arrived"

    def _write(self, story: Story, event: Event, written: Written) -> Iterator[str]:
        old, new, owner = story.row, written.new, story.owner
        story.row, story.owner = new, event
        if new is None:
            yield f"{story.name}'s row was removed"
            return
        if old is not None and old.state is State.CLAIMED and owner is not None and owner.task is not event.task:
            if new.state is State.CLAIMED:
                story.has_lapsed = True
            is_alive = not owner.is_orphaned and not self._is_excused(owner) and not self._is_excused(event)
            if is_alive and not self.is_clock_set:
                yield f"{story.name}'s claim was taken from an invocation that lived and could have ended it"
        if new.state is not State.CLAIMED:
            story.settle(event)
        if new.state is State.PARKED:
            story.since_parked.clear()
        if new.state in {State.POSTED, State.PARKED} and story.token not in self.ended:
            yield f"{story.name} was called {new.state.value} before it was"

    def _is_excused(self, event: Event) -> bool:
        """Whether the table failed its environment then: claims were bypassed, or not ended. Or the clock jumped."""
        return self.is_clock_set or any(
            one.environment == event.environment and event.at - REACH <= one.at <= event.at + INVOCATION
            for one in self.failures
        )


def _key(destination: str, token: str) -> str:
    """Where its row has to stand: by its destination, and by the id that SNS gave it."""
    identity = token.replace("alert", "sns")
    return f"claim#{destination}#{sha256(identity.encode()).hexdigest()}"


def _token(text: str) -> str:
    found = TOKEN.search(text)
    assert found is not None
    return found[0]
