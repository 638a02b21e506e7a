"""Whether all promises about calls were kept: judged by what AWS, the table and the queues saw, by nothing of ours."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from botocore.exceptions import ClientError, ReadTimeoutError

from outcomes.outcome import ParkReason
from shared_state.rows import State
from tests.conservation.action_schedule import Ask, Requested
from tests.conservation.action_story import Story, key_of
from tests.support.virtual.aws_actions import NO_RULES, UNFILLED, AwsActions
from tests.support.virtual.clocks import EPOCH
from tests.support.virtual.cloud import Answered, Arrived, Attempted, Failed
from tests.support.virtual.function import End
from tests.support.virtual.history import (
    Acknowledged,
    ClockSet,
    Event,
    Parked,
    RulesSet,
    SentBack,
    TableFailed,
    Written,
)
from tests.support.virtual.ledger import TOKEN

INVOCATION = 60.0
ONCE_ONLY = {Ask.ONCE, Ask.BY_RULE, Ask.PARTLY, Ask.REFUSED, Ask.DIES}
NEVER_CALLED = {Ask.OFF_LIST, Ask.INVALID, Ask.NO_RULE}


@dataclass
class ActionOracle:
    """Reads a history from its beginning to its end."""

    stack: AwsActions
    requests: Sequence[Requested]
    stories: dict[str, Story] = field(default_factory=dict)
    """By token."""
    keys: dict[str, Story] = field(default_factory=dict)
    """By the key in the table."""
    clocks: list[float] = field(default_factory=list)
    """When the clock on the wall was set."""
    documents: set[str] = field(default_factory=set)
    """Of rules, that were written so far in place of the first."""

    def violations(self) -> Iterator[str]:
        """A sentence for each promise broken."""
        for number, one in enumerate(self.requests):
            story = Story(f"alert-{number}", one)
            self.stories[story.token] = self.keys[key_of(number, one)] = story
        for event in self.stack.history.events:
            for sentence in self._judge(event):
                yield f"{event.at:.2f} s: {sentence}"
        statuses = self.stack.ledger.statuses()
        for token, story in self.stories.items():
            status = statuses[token]
            if not (story.is_done or status.queued or status.dead or status.parked or self._has_no_rule(story)):
                yield f"{token} is lost"
        for invocation in self.stack.function.invocations:
            if invocation.end is End.RAISED:
                yield f"the handler raised {invocation.error!r}"

    def _judge(self, event: Event) -> Iterable[str]:
        match event.fact:
            case TableFailed(key) if key in self.keys:
                self.keys[key].failed.add(event.task)
            case ClockSet():
                self.clocks.append(event.at)
            case RulesSet(document):
                self.documents.add(document)
            case Written(key) as written if key in self.keys:
                return self._write(self.keys[key], event, written)
            case Parked(body, reason):
                return self._park(self.stories[_token(body)], event, reason)
            case SentBack(body, is_parked):
                self.stories[_token(body)].sent_back += is_parked
            case Acknowledged(body):
                return self._acknowledge(self.stories[_token(body)])
            case Attempted(token) | Arrived(token) | Answered(token) | Failed(token):
                return self._judge_call(self.stories[token], event)
            case _:
                pass
        return []

    def _judge_call(self, story: Story, event: Event) -> Iterable[str]:
        match event.fact:
            case Attempted():
                story.unheard.add(event.task)
                return self._attempt(story, event)
            case Arrived():
                return self._arrive(story)
            case Answered():
                story.unheard.discard(event.task)
                self._answer(story)
            case Failed(_, error):
                story.unheard.discard(event.task)
                self._fail(story, event, error)
            case _:
                pass
        return []

    def _attempt(self, story: Story, event: Event) -> Iterator[str]:
        if story.ask in NEVER_CALLED:
            yield f"{story.token} was called"
        if self._was_set(event):
            return  # its lease has lapsed under its hands, perhaps; what that may lead to is judged by what is done
        state = None if story.row is None else story.row.state
        if story.ask in ONCE_ONLY and not story.is_claimed_by(event):
            yield f"{story.token} was called without a claim"
        if event.wall > EPOCH + story.asked.expires:
            yield f"{story.token} was called after its time"
        if story.ask in ONCE_ONLY and story.is_in_doubt and not story.sent_back:
            yield f"{story.token} was called again, and may have been done"
        if state in {State.POSTED, State.PARKED} and not story.is_excused(event):
            yield f"{story.token} was called after its end"

    def _arrive(self, story: Story) -> Iterator[str]:
        story.effects += 1
        allowed = 1 + (story.sent_back if story.ask in ONCE_ONLY else 0)
        if story.ask is not Ask.READ and story.effects > allowed:
            yield f"{story.token} was done {story.effects} times"

    def _answer(self, story: Story) -> None:
        if story.ask is Ask.PARTLY:
            story.is_refused = story.is_in_doubt = True
        else:
            story.is_done = True

    def _fail(self, story: Story, event: Event, error: Exception) -> None:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"] if isinstance(error, ClientError) else 0
        if isinstance(error, ReadTimeoutError) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            is_remembered = story.ask in ONCE_ONLY or story.is_claimed_by(event)
            story.is_in_doubt |= is_remembered
            story.is_in_forgotten_doubt |= not is_remembered
        elif story.ask in {Ask.REFUSED, Ask.REFUSED_BY_TOKEN}:
            story.is_refused = True

    def _park(self, story: Story, event: Event, reason: str) -> Iterator[str]:
        story.is_parked = True
        has_no_row = story.ask not in ONCE_ONLY and story.is_excused(event)  # it cannot know what became of others
        if not (story.has_cause(reason, has_no_row=has_no_row) or self._is_unfilled(story, reason)):
            yield f"{story.token} was parked, {reason}, and was not"
        is_early = event.wall < EPOCH + story.asked.expires
        if reason == ParkReason.EXPIRED.value and is_early and not self._was_set(event):
            yield f"{story.token} was called expired before it was"
        is_known = story.row is not None and story.row.state is State.POSTED
        if is_known and not self._was_set(event) and not (has_no_row and reason == ParkReason.DELIVERY_UNKNOWN.value):
            yield f"{story.token} was parked after it was done"

    def _acknowledge(self, story: Story) -> Iterator[str]:
        if not (story.is_done or story.is_parked or self._has_no_rule(story)):
            yield f"{story.token} was acknowledged, and neither done nor parked"

    def _write(self, story: Story, event: Event, written: Written) -> Iterator[str]:
        old, new, owner = story.row, written.new, story.owner
        story.row, story.owner = new, event
        if new is None:
            yield f"{story.token}'s row was removed"
            return
        if old is not None and old.state is new.state is State.CLAIMED:
            story.is_in_doubt = True
        if old is not None and old.state is State.CLAIMED and owner is not None and owner.task is not event.task:
            is_alive = not owner.is_orphaned and not story.is_excused(owner)
            if is_alive and not self._was_set(owner) and not self._was_set(event):
                yield f"{story.token}'s claim was taken from an invocation that lived and could have ended it"
        if new.state is State.POSTED and not story.is_done:
            yield f"{story.token} was called done before it was"
        if new.state is State.PARKED and not story.is_parked:
            yield f"{story.token} was called parked before it was"

    def _has_no_rule(self, story: Story) -> bool:
        """Whether it is an alarm that may have no rule, and no call of it may have been made by one it had."""
        is_unruled = story.ask is Ask.BY_RULE and NO_RULES in self.documents
        return story.ask is Ask.NO_RULE or (is_unruled and not story.may_be_made)

    def _is_unfilled(self, story: Story, reason: str) -> bool:
        """The same of an alarm that may not fill its rule."""
        is_unfilled = story.ask is Ask.BY_RULE and UNFILLED in self.documents
        return reason == ParkReason.INVALID_REQUEST.value and is_unfilled and not story.may_be_made

    def _was_set(self, event: Event) -> bool:
        """Whether the clock jumped while its invocation may have run."""
        return any(event.at - INVOCATION <= at <= event.at for at in self.clocks)


def _token(text: str) -> str:
    found = TOKEN.search(text)
    assert found is not None
    return found[0]
