"""Checks every promise about alerts against the history of a stack: what Slack, the table and the queues saw."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

from outcomes.outcome import ParkReason
from shared_state.rows import State
from shared_state.rows_with_fallback import TABLE_PAUSE
from slack_alerts.models import DOUBT
from tests.conservation.observed_alert import ObservedAlert, Post
from tests.support.virtual.alert_messages import DEFAULT, DESTINATIONS
from tests.support.virtual.function import End
from tests.support.virtual.history import Acknowledged, ClockSet, Dead, Event, InLane, Parked, TableFailed, Written
from tests.support.virtual.ledger import TOKEN, token_in
from tests.support.virtual.slack import Request
from tests.support.virtual.slack_alerts import SlackAlerts

MOST_UNANSWERED = 5
MOST_MOVES = 3
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
UNANSWERED_PAUSE = 5400.0
"""Least seconds between two posts of an alert that had many in a lane in doubt, after the first hours."""
CRASH_PAUSE = 900.0
"""Least seconds between two posts of an alert that crashed the function often while no other alert was delivered."""
EXTRA_POSTS = 3
"""Posts without an answer that may follow the first five at once."""
INVOCATION = 60.0
TABLE_REACH = TABLE_PAUSE + INVOCATION
"""Seconds for which a failure of the table excuses its environment: the pause, and an invocation that ends later."""


@dataclass
class AlertOracle:
    """A reader of a history from its beginning to its end."""

    stack: SlackAlerts
    alerts: dict[str, ObservedAlert] = field(default_factory=dict)
    """Key in the table -> the alert."""
    ended: set[str] = field(default_factory=set)
    """Tokens of alerts that were posted or parked."""
    in_lanes: Counter[str] = field(default_factory=Counter)
    """Token -> its copies in lanes."""
    order: dict[str, list[str]] = field(default_factory=dict)
    """Lane -> the tokens of its alerts in the order of their arrival."""
    arrivals: Counter[str] = field(default_factory=Counter)
    """Token -> the number of its arrivals in lanes."""
    refused: set[str] = field(default_factory=set)
    """Destinations that Slack has refused."""
    tried: set[str] = field(default_factory=set)
    """Tokens of alerts that were sent to Slack at least once."""
    died: set[str] = field(default_factory=set)
    """Tokens of dead letters: redrive returns them behind newer alerts of their lane."""
    has_crash: bool = False
    """Whether an invocation was killed: alerts that may have killed it come last."""
    table_failures: list[Event] = field(default_factory=list)
    is_clock_set: bool = False

    def violations(self) -> Iterator[str]:
        """Yield a sentence for each broken promise."""
        for token in self.stack.ledger.published:
            for alert in (one for destination in DESTINATIONS for one in self._forms(token, destination)):
                self.alerts[alert.key] = alert
        runs = [one for function in self.stack.functions for one in function.invocations]
        self.has_crash = any(one.end in {End.CRASHED, End.TIMED_OUT} for one in runs)
        for event in self.stack.history.events:
            for sentence in self._check(event):
                yield f"{event.at:.2f} s: {sentence}"
        yield from (f"{token} is lost" for token in self.stack.ledger.lost())
        yield from (f"the handler raised {one.error!r}" for one in runs if one.end is End.RAISED)

    def _check(self, event: Event) -> Iterable[str]:
        match event.fact:
            case TableFailed():
                self.table_failures.append(event)
            case ClockSet():
                self.is_clock_set = True
            case Dead(body) if TOKEN.search(body):  # others are messages of our own
                self.died.add(token_in(body))
            case Parked(body, reason) if TOKEN.search(body):
                return self._park(body, reason)
            case InLane(body, lane) if TOKEN.search(body):
                return self._arrive(body, lane)
            case Acknowledged(body, queue) if TOKEN.search(body):
                return self._acknowledge(token_in(body), is_in_lane=queue == self.stack.lanes.name)
            case Written(key) as written if key in self.alerts:
                return self._write(self.alerts[key], event, written)
            case Request() as request:
                return self._post_digest(event, request)
            case _:
                pass
        return []

    def _arrive(self, body: str, lane: str) -> Iterator[str]:
        token = token_in(body)
        self.in_lanes[token] += 1
        self.arrivals[token] += 1
        self.order.setdefault(lane, []).append(token)
        if body not in self.stack.published:
            yield "a message in a lane is not the published one"

    def _park(self, body: str, reason: str) -> Iterator[str]:
        token = token_in(body)
        self.ended.add(token)
        if body not in self.stack.published:
            yield "a parked message is not the published one"
        if not self._may_be_parked(token, reason):
            yield f"{token} was parked, {reason}, without a cause"

    def _may_be_parked(self, token: str, reason: str) -> bool:
        """Return whether Slack's answers, or missing answers, justify this reason; a fault of ours never does."""
        alerts = self._everywhere(token)
        match ParkReason(reason):
            case ParkReason.MESSAGE_REFUSED:
                answers = [post.behaviour.status for alert in alerts for post in alert.posts]
                return HTTPStatus.BAD_REQUEST in answers
            case ParkReason.DESTINATION_REFUSED:
                return DEFAULT in self.refused
            case ParkReason.DELIVERY_UNKNOWN:
                unknown = [alert.lapses + sum(post.is_unanswered for post in alert.posts) for alert in alerts]
                return max(unknown) >= MOST_UNANSWERED
            case ParkReason.KEEPS_FAILING:
                return self.arrivals[token] > MOST_MOVES
            case _:
                return self.is_clock_set

    def _acknowledge(self, token: str, *, is_in_lane: bool) -> Iterator[str]:
        self.in_lanes[token] -= is_in_lane
        if not is_in_lane and token not in self.ended and not self.arrivals[token]:
            yield f"{token} was acknowledged before it was in a lane or parked"
        if is_in_lane and token not in self.ended and not self.in_lanes[token]:
            yield f"{token} left its lane, and was neither posted nor parked nor moved"

    def _post_digest(self, event: Event, request: Request) -> Iterator[str]:
        """Check a request, which can be a digest of several alerts."""
        destination = request.destination.split("/")[-2]
        tokens = list(dict.fromkeys(TOKEN.findall(request.text)))
        if request.behaviour.status in REFUSALS:
            self.refused.add(destination)
        yield from self._check_order(destination, tokens)
        for token in tokens:
            forms = [self.alerts[one.key] for one in self._forms(token, destination)]
            if not (self.has_crash or self.table_failures):
                forms = forms[:1]  # without a crash, or a claim that lapsed for lack of the table, intake sends no text
            yield from self._post(next((one for one in forms if one.is_claimed_by(event)), forms[0]), event, request)
        self.tried.update(tokens)

    def _check_order(self, lane: str, tokens: list[str]) -> Iterator[str]:
        """Check that no older alert of the lane waits that was never tried."""
        if self.has_crash or self.table_failures or self.is_clock_set or not tokens:
            return
        token, order = tokens[0], self.order.get(lane, [])
        if token not in order or self.arrivals[token] > 1:
            return
        for older in order[: order.index(token)]:
            if older not in self.ended | self.tried | self.died and self.arrivals[older] == 1:
                yield f"{token} was posted before {older}, which was never tried"

    def _post(self, alert: ObservedAlert, event: Event, request: Request) -> Iterator[str]:
        post = Post(event, request, alert.is_claimed_by(event))
        alert.settle(event)
        if not post.is_claimed and not self._is_excused(event):
            yield f"{alert.name} was posted without a claim"
        if post.is_claimed:
            yield from self._check_repetition(alert)
            yield from self._check_mark(alert, post)
            alert.since_parked.append(post)
            yield from self._check_unanswered(alert, event)
        alert.posts.append(post)
        if request.behaviour.posts:
            self.ended.add(alert.token)

    def _check_unanswered(self, alert: ObservedAlert, event: Event) -> Iterator[str]:
        unanswered = [one for one in alert.since_parked if one.is_unanswered]
        pause = CRASH_PAUSE if any(one.is_killed for one in unanswered) else UNANSWERED_PAUSE
        most = MOST_UNANSWERED + EXTRA_POSTS
        if unanswered and len(unanswered) > most + (event.at - unanswered[0].event.at) / pause:
            yield f"{alert.name} got {len(unanswered)} posts without an answer"

    def _check_repetition(self, alert: ObservedAlert) -> Iterator[str]:
        """Check that no earlier post was known to have arrived."""
        for earlier in alert.posts:
            is_known = earlier.behaviour.posts and not earlier.is_doubtful and earlier.is_claimed
            if is_known and not self._is_excused(earlier.event):
                yield f"{alert.name} was posted again after a post that is known"

    def _check_mark(self, alert: ObservedAlert, post: Post) -> Iterator[str]:
        """Check that the post is marked if, and only if, an earlier one may have arrived."""
        text = post.request.text
        is_marked = text.startswith(DOUBT) or any(DOUBT in line for line in text.splitlines() if alert.is_in(line))
        has_doubt = any(one.is_doubtful and one.is_claimed for one in alert.posts)
        if has_doubt and not is_marked:
            yield f"{alert.name} was posted without a mark after a post that may have arrived"
        is_in_doubt = any(one.is_in_doubt for one in self._everywhere(alert.token))
        if is_marked and not (self.table_failures or self.is_clock_set or is_in_doubt):
            yield f"{alert.name} was marked, and no earlier post of it can have arrived"

    def _write(self, alert: ObservedAlert, event: Event, written: Written) -> Iterator[str]:
        old, new, writer = alert.row, written.new, alert.writer
        alert.row, alert.writer = new, event
        if new is None:
            yield f"{alert.name}'s row was removed"
            return
        if old is not None and old.state is State.CLAIMED and writer is not None and writer.task is not event.task:
            if new.state is State.CLAIMED:
                alert.lapses += 1
            is_alive = not writer.is_orphaned and not self._is_excused(writer) and not self._is_excused(event)
            if is_alive and not self.is_clock_set:
                yield f"{alert.name}'s claim was taken from an invocation that lived and could have ended it"
        if new.state is not State.CLAIMED:
            alert.settle(event)
        if new.state is State.PARKED:
            alert.since_parked.clear()
        if new.state in {State.POSTED, State.PARKED} and alert.token not in self.ended:
            yield f"the row of {alert.name} was {new.state.value} before the alert was"

    def _everywhere(self, token: str) -> list[ObservedAlert]:
        """Return the alert at each destination."""
        return [self.alerts[one.key] for destination in DESTINATIONS for one in self._forms(token, destination)]

    def _forms(self, token: str, destination: str) -> list[ObservedAlert]:
        """Return the alert as it was published, and as the text that intake sends after two crashes.

        Both have a row of their own: the identity of a text is its message id.
        """
        message_id = token.replace("alert", "sns")
        identities = dict.fromkeys((self.stack.identities.get(token, message_id), message_id))
        return [ObservedAlert(token, destination, identity) for identity in identities]

    def _is_excused(self, event: Event) -> bool:
        """Whether the table failed this environment then, so that claims were bypassed or kept, or the clock jumped."""
        return self.is_clock_set or any(
            one.environment == event.environment and event.at - TABLE_REACH <= one.at <= event.at + INVOCATION
            for one in self.table_failures
        )
