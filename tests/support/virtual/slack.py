"""Slack without a socket: posts take virtual time and raise the errors of SlackHttp."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from slack_alerts.models import BotToken, Credentials, Edit, Place, SlackMessage, SlackUnreachable
from slack_alerts.slack.answers import webhook_refusal
from tests.support.virtual.alert_messages import address
from tests.support.virtual.conversations import Conversations
from tests.support.virtual.faults import Outage
from tests.support.virtual.operations import Operations
from tests.support.virtual.rate import TokenBucket
from tests.support.virtual.slack_behaviours import OK, REVOKED, Behaviour, throttled


@dataclass(frozen=True, slots=True)
class Request:
    """A request that reached Slack or was refused a connection."""

    at: float
    destination: str
    """The webhook's URL, or the one that stands for the bot token."""
    message: SlackMessage
    behaviour: Behaviour

    @property
    def text(self) -> str:
        """The text of the push notification."""
        return self.message.text


@dataclass
class VirtualSlack:
    """All webhooks and channels. The order of precedence: revoked, refused, scripted, outage, rate limit, ok."""

    operations: Operations
    latency: float = 0.1
    """Seconds until a request arrives; the answer takes no time."""
    per_second: float = 1.0
    burst: int = 5
    requests: list[Request] = field(default_factory=list)
    on_request: list[Callable[[Request], object]] = field(default_factory=list)
    retry_after: float | None = None
    """Seconds of Retry-After; None is the time until the next message is accepted."""
    revoked: set[str] = field(default_factory=set)
    conversations: Conversations = field(default_factory=Conversations)
    """The messages that were posted with a bot token."""
    refuse: Callable[[SlackMessage], Behaviour | None] = lambda _: None
    """Return the answer to a message that Slack refuses."""
    disturb: Callable[[Behaviour], Behaviour] = lambda answer: answer
    """Change the answer that the rate limit gives."""
    _script: deque[Behaviour] = field(default_factory=deque)
    _edits: deque[Behaviour] = field(default_factory=deque)
    _outages: list[tuple[str, Outage[Behaviour]]] = field(default_factory=list)
    _buckets: dict[str, TokenBucket] = field(default_factory=dict)

    @property
    def posts(self) -> list[Request]:
        """The requests that put a message into a channel."""
        return [request for request in self.requests if request.behaviour.posts]

    def script(self, *behaviours: Behaviour) -> None:
        """Set the answers to the next requests."""
        self._script.extend(behaviours)

    def script_edits(self, *behaviours: Behaviour) -> None:
        """Set the answers to the next edits."""
        self._edits.extend(behaviours)

    def down(self, start: float, end: float, behaviour: Behaviour, destination: str = "") -> None:
        """Answer every request between these instants in this way."""
        self._outages.append((destination, Outage(start, end, behaviour)))

    def clear_faults(self) -> None:
        """End outages, scripts and revocations; `refuse` stays."""
        self._script.clear()
        self._edits.clear()
        self._outages.clear()
        self.revoked.clear()

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> Place | None:
        """Post as SlackHttp does. The answers are those of webhooks, also to a bot token."""
        scheduler = self.operations.scheduler
        ends = scheduler.now + timeout
        arrive = partial(self._arrive, credentials, message, ends)
        behaviour, place = self.operations.perform("slack.post", min(self.latency, timeout), arrive)
        left = ends - scheduler.now
        scheduler.sleep(min(behaviour.seconds, left))
        if behaviour.status is None or behaviour.seconds > left:
            raise SlackUnreachable(sent=behaviour.connects, is_untrusted=behaviour.is_untrusted)
        refused = webhook_refusal(behaviour.status, behaviour.body, behaviour.retry_after)
        if refused is not None:
            raise refused
        return place if behaviour.names_place else None

    def update(self, credentials: BotToken, edit: Edit, timeout: float) -> None:
        """Edit a message as SlackHttp does."""
        find = partial(self.conversations.find, edit.channel, edit.ts)
        message = self.operations.perform("slack.update", min(self.latency, timeout), find)
        behaviour = self._edits.popleft() if self._edits else OK
        if behaviour.status is None:
            self.operations.scheduler.sleep(timeout)
            raise SlackUnreachable(sent=behaviour.connects)
        if address(credentials) in self.revoked or message is None or message.is_deleted:
            behaviour = REVOKED
        refused = webhook_refusal(behaviour.status or 0, behaviour.body, behaviour.retry_after)
        if refused is not None:
            raise refused
        assert message is not None
        message.edits.append(edit)

    def _arrive(self, credentials: Credentials, message: SlackMessage, ends: float) -> tuple[Behaviour, Place | None]:
        destination = address(credentials)
        behaviour = self._decide(destination, message)
        if behaviour.seconds > ends - self.operations.scheduler.now:  # the sender gets no answer
            behaviour = replace(behaviour, status=None)
        request = Request(self.operations.scheduler.now, destination, message, behaviour)
        self.requests.append(request)
        for callback in self.on_request:
            callback(request)
        if behaviour.posts and isinstance(credentials, BotToken):
            return behaviour, self.conversations.post(credentials, message)
        return behaviour, None

    def _decide(self, destination: str, message: SlackMessage) -> Behaviour:
        if destination in self.revoked:
            return REVOKED
        if (refusal := self.refuse(message)) is not None:
            return refusal
        if self._script:
            return self._script.popleft()
        now = self.operations.scheduler.now
        for where, outage in self._outages:
            if where in {"", destination} and outage.covers(now):
                return outage.fault
        bucket = self._buckets.setdefault(destination, TokenBucket(self.per_second, self.burst))
        wait = bucket.take(now)
        return self.disturb(throttled(self.retry_after or float(math.ceil(wait))) if wait else OK)
