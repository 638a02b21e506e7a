"""Whether all promises were kept: judged by what Slack, the table and the queues saw, never by our own code."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus

from outcomes.outcome import ParkReason
from shared_state.rows import Row, State
from shared_state.rows_with_fallback import TABLE_PAUSE
from slack_alerts.models import DOUBT
from tests.support.virtual.alert_messages import DEFAULT, DESTINATIONS
from tests.support.virtual.function import End
from tests.support.virtual.history import Acknowledged, ClockSet, Dead, Event, InLane, Parked, TableFailed, Written
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.slack import Request
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import Behaviour

MOST_UNANSWERED = 5
MOST_TURNS = 3
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
SELDOM = 5400.0
"""Least seconds between two posts of an alert that had many in a lane in doubt, after the first hours."""
CRASH_SELDOM = 900.0
"""Least seconds between two posts of an alert that crashed the function often while no other alert was delivered."""
SOON = 3
INVOCATION = 60.0
REACH = TABLE_PAUSE + INVOCATION
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
    def is_killed(self) -> bool:
        """Whether its sender died before it could use the result."""
        return self.event.is_orphaned and not self.is_settled

    @property
    def is_unanswered(self) -> bool:
        """Whether Slack read it and its sender got no result."""
        return (self.behaviour.status is None and self.behaviour.connects) or self.is_killed

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
    lapses: int = 0
    """Claims that were taken over."""

    @property
    def name(self) -> str:
        return f"{self.token} at {self.destination}"

    def is_in(self, line: str) -> bool:
        """Return whether this line names the alert."""
        return self.token in TOKEN.findall(line)

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may stand in the channel, as far as anybody could know."""
        return self.lapses > 0 or any(post.is_doubtful for post in self.posts)

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
    in_lanes: Counter[str] = field(default_factory=Counter)
    """By token, the copies in lanes."""
    order: dict[str, list[str]] = field(default_factory=dict)
    """By lane, the tokens of its alerts in the order of their arrival."""
    came: Counter[str] = field(default_factory=Counter)
    """By token, how often it came into a lane."""
    refused: set[str] = field(default_factory=set)
    """Destinations that Slack has refused so far."""
    tried: set[str] = field(default_factory=set)
    """Tokens of alerts that were sent to Slack at least once."""
    died: set[str] = field(default_factory=set)
    """Tokens of alerts that became dead letters: redrive returns them behind newer alerts of their lane."""
    has_crash: bool = False
    """Whether an invocation was killed: alerts that may have killed it come last."""
    failures: list[Event] = field(default_factory=list)
    """Of the table, so far."""
    is_clock_set: bool = False

    def violations(self) -> Iterator[str]:
        """A sentence for each promise broken."""
        for token in self.stack.ledger.published:
            for destination in DESTINATIONS:
                self.stories[_key(destination, token)] = Story(token, destination)
        runs = [one for function in self.stack.functions for one in function.invocations]
        self.has_crash = any(one.end in {End.CRASHED, End.TIMED_OUT} for one in runs)
        for event in self.stack.history.events:
            for sentence in self._judge(event):
                yield f"{event.at:.2f} s: {sentence}"
        yield from (f"{token} is lost" for token in self.stack.ledger.lost())
        yield from (f"the handler raised {one.error!r}" for one in runs if one.end is End.RAISED)

    def _judge(self, event: Event) -> Iterable[str]:
        match event.fact:
            case TableFailed():
                self.failures.append(event)
            case ClockSet():
                self.is_clock_set = True
            case Dead(body):
                self.died.add(_token(body))
            case Parked(body, reason):
                return self._park(body, reason)
            case InLane(body, lane):
                self.in_lanes[_token(body)] += 1
                self.came[_token(body)] += 1
                self.order.setdefault(lane, []).append(_token(body))
                if body not in self.stack.published:
                    return ["what came into a lane is not what was published"]
            case Acknowledged(body, queue):
                return self._acknowledge(_token(body), is_in_lane=queue == self.stack.lanes.name)
            case Written(key) as written if key in self.stories:
                return self._write(self.stories[key], event, written)
            case Request() as request:
                return self._requests(event, request)
            case _:
                pass
        return []

    def _park(self, body: str, reason: str) -> Iterator[str]:
        token = _token(body)
        self.ended.add(token)
        if body not in self.stack.published:
            yield "what was parked is not what was published"
        if not self._may_be_parked(token, reason):
            yield f"{token} was parked, {reason}, without a cause"

    def _may_be_parked(self, token: str, reason: str) -> bool:
        """Return whether Slack's answers or unanswered posts are a cause for this reason; a fault of ours never is."""
        stories = [self.stories[_key(destination, token)] for destination in DESTINATIONS]
        match ParkReason(reason):
            case ParkReason.MESSAGE_REFUSED:
                answers = [post.behaviour.status for story in stories for post in story.posts]
                return HTTPStatus.BAD_REQUEST in answers
            case ParkReason.DESTINATION_REFUSED:
                return DEFAULT in self.refused
            case ParkReason.DELIVERY_UNKNOWN:
                unknown = [story.lapses + sum(post.is_unanswered for post in story.posts) for story in stories]
                return max(unknown) >= MOST_UNANSWERED
            case ParkReason.KEEPS_FAILING:
                return self.came[token] > MOST_TURNS
            case _:
                return self.is_clock_set

    def _acknowledge(self, token: str, *, is_in_lane: bool) -> Iterator[str]:
        self.in_lanes[token] -= is_in_lane
        if not is_in_lane and token not in self.ended and not self.came[token]:
            yield f"{token} was acknowledged before it was in a lane or parked"
        if is_in_lane and token not in self.ended and not self.in_lanes[token]:
            yield f"{token} left its lane, and was neither posted nor parked nor moved"

    def _requests(self, event: Event, request: Request) -> Iterator[str]:
        """One request may be a digest of several alerts."""
        destination = request.destination.split("/")[-2]
        tokens = list(dict.fromkeys(TOKEN.findall(request.text)))
        if request.behaviour.status in REFUSALS:
            self.refused.add(destination)
        yield from self._overtaken(destination, tokens)
        for token in tokens:
            yield from self._request(self.stories[_key(destination, token)], event, request)
        self.tried.update(tokens)

    def _overtaken(self, lane: str, tokens: list[str]) -> Iterator[str]:
        """An alert is not posted while an older one of its lane waits that was never tried."""
        if self.has_crash or self.failures or self.is_clock_set:
            return
        came = self.order.get(lane, [])
        if tokens[0] not in came or self.came[tokens[0]] > 1:
            return
        for older in came[: came.index(tokens[0])]:
            if older not in self.ended | self.tried | self.died and self.came[older] == 1:
                yield f"{tokens[0]} was posted before {older}, which was never tried"

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
            unanswered = [one for one in story.since_parked if one.is_unanswered]
            pause = CRASH_SELDOM if any(one.is_killed for one in unanswered) else SELDOM
            if unanswered and len(unanswered) > MOST_UNANSWERED + SOON + (event.at - unanswered[0].event.at) / pause:
                yield f"{story.name} got {len(unanswered)} posts without an answer"
        story.posts.append(post)
        if request.behaviour.posts:
            self.ended.add(story.token)

    def _repeated(self, story: Story) -> Iterator[str]:
        """It may stand in the channel already only where nobody could know, or say, that it does."""
        for earlier in story.posts:
            is_known = earlier.behaviour.posts and not earlier.is_doubtful and earlier.is_claimed
            if is_known and not self._is_excused(earlier.event):
                yield f"{story.name} was posted again after a post that is known"

    def _marked(self, story: Story, post: Post) -> Iterator[str]:
        text = post.request.text
        is_marked = text.startswith(DOUBT) or any(DOUBT in line for line in text.splitlines() if story.is_in(line))
        has_doubt = any(one.is_doubtful and one.is_claimed for one in story.posts)
        if has_doubt and not is_marked:
            yield f"{story.name} was posted without a mark after a post that may have arrived"
        anywhere = (self.stories[_key(destination, story.token)] for destination in DESTINATIONS)
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
                story.lapses += 1
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
