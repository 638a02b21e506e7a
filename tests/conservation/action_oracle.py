"""Checks every promise about requests against the history of a stack: what AWS, the table and the queues saw."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from botocore.exceptions import ClientError, ReadTimeoutError

from outcomes.outcome import ParkReason
from shared_state.rows import State
from tests.conservation.action_schedule import CallKind, PublishedRequest
from tests.conservation.observed_request import ObservedRequest, key_of
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
from tests.support.virtual.ledger import token_in

INVOCATION = 60.0
ONCE_ONLY = {CallKind.ONCE, CallKind.BY_RULE, CallKind.PARTLY, CallKind.REFUSED, CallKind.DIES}
NEVER_CALLED = {CallKind.OFF_LIST, CallKind.INVALID, CallKind.NO_RULE}


@dataclass
class ActionOracle:
    """A reader of a history from its beginning to its end."""

    stack: AwsActions
    published: Sequence[PublishedRequest]
    requests: dict[str, ObservedRequest] = field(default_factory=dict)
    """Token -> the request."""
    keys: dict[str, ObservedRequest] = field(default_factory=dict)
    """Key in the table -> the request."""
    clock_jumps: list[float] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)
    """Documents of rules that replaced the first one."""

    def violations(self) -> Iterator[str]:
        """Yield a sentence for each broken promise."""
        for number, one in enumerate(self.published):
            request = ObservedRequest(f"alert-{number}", one)
            self.requests[request.token] = self.keys[key_of(number, one)] = request
        for event in self.stack.history.events:
            for sentence in self._check(event):
                yield f"{event.at:.2f} s: {sentence}"
        statuses = self.stack.ledger.statuses()
        for token, request in self.requests.items():
            status = statuses[token]
            if not (request.is_done or status.queued or status.dead or status.parked or self._has_no_rule(request)):
                yield f"{token} is lost"
        for invocation in self.stack.function.invocations:
            if invocation.end is End.RAISED:
                yield f"the handler raised {invocation.error!r}"

    def _check(self, event: Event) -> Iterable[str]:
        match event.fact:
            case TableFailed(key) if key in self.keys:
                self.keys[key].table_failed.add(event.task)
            case ClockSet():
                self.clock_jumps.append(event.at)
            case RulesSet(document):
                self.rules.add(document)
            case Written(key) as written if key in self.keys:
                return self._write(self.keys[key], event, written)
            case Parked(body, reason):
                return self._park(self.requests[token_in(body)], event, reason)
            case SentBack(body, is_parked):
                self.requests[token_in(body)].redriven += is_parked
            case Acknowledged(body):
                return self._acknowledge(self.requests[token_in(body)])
            case Attempted(token) | Arrived(token) | Answered(token) | Failed(token):
                return self._check_call(self.requests[token], event)
            case _:
                pass
        return []

    def _check_call(self, request: ObservedRequest, event: Event) -> Iterable[str]:
        match event.fact:
            case Attempted():
                request.calling.add(event.task)
                return self._attempt(request, event)
            case Arrived():
                return self._arrive(request)
            case Answered():
                request.calling.discard(event.task)
                self._answer(request)
            case Failed(_, error):
                request.calling.discard(event.task)
                self._fail(request, event, error)
            case _:
                pass
        return []

    def _attempt(self, request: ObservedRequest, event: Event) -> Iterator[str]:
        if request.kind in NEVER_CALLED:
            yield f"{request.token} was called"
        if self._has_clock_jumped(event):
            return  # the lease may have lapsed during the invocation; `_arrive` still checks the effects
        state = None if request.row is None else request.row.state
        if request.kind in ONCE_ONLY and not request.is_claimed_by(event):
            yield f"{request.token} was called without a claim"
        if event.wall > EPOCH + request.published.expires:
            yield f"{request.token} was called after its time"
        if request.kind in ONCE_ONLY and request.is_in_doubt and not request.redriven:
            yield f"{request.token} was called again, and may have been done"
        if state in {State.POSTED, State.PARKED} and not request.is_excused(event):
            yield f"{request.token} was called after its end"

    def _arrive(self, request: ObservedRequest) -> Iterator[str]:
        request.effects += 1
        allowed = 1 + (request.redriven if request.kind in ONCE_ONLY else 0)
        if request.kind is not CallKind.READ and request.effects > allowed:
            yield f"{request.token} was done {request.effects} times"

    def _answer(self, request: ObservedRequest) -> None:
        if request.kind is CallKind.PARTLY:
            request.is_refused = request.is_in_doubt = True
        else:
            request.is_done = True

    def _fail(self, request: ObservedRequest, event: Event, error: Exception) -> None:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"] if isinstance(error, ClientError) else 0
        if isinstance(error, ReadTimeoutError) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            is_remembered = request.kind in ONCE_ONLY or request.is_claimed_by(event)
            request.is_in_doubt |= is_remembered
            request.is_in_forgotten_doubt |= not is_remembered
        elif request.kind in {CallKind.REFUSED, CallKind.REFUSED_BY_TOKEN}:
            request.is_refused = True

    def _park(self, request: ObservedRequest, event: Event, reason: str) -> Iterator[str]:
        request.is_parked = True
        has_no_row = request.kind not in ONCE_ONLY and request.is_excused(event)  # without the table calls are unknown
        if not (request.has_cause(reason, has_no_row=has_no_row) or self._is_unfilled(request, reason)):
            yield f"{request.token} was parked, {reason}, without a cause"
        is_early = event.wall < EPOCH + request.published.expires
        if reason == ParkReason.EXPIRED.value and is_early and not self._has_clock_jumped(event):
            yield f"{request.token} was parked as expired before it was"
        is_known = request.row is not None and request.row.state is State.POSTED
        is_unknown_without_row = has_no_row and reason == ParkReason.DELIVERY_UNKNOWN.value
        if is_known and not self._has_clock_jumped(event) and not is_unknown_without_row:
            yield f"{request.token} was parked after it was done"

    def _acknowledge(self, request: ObservedRequest) -> Iterator[str]:
        if not (request.is_done or request.is_parked or self._has_no_rule(request)):
            yield f"{request.token} was acknowledged, and neither done nor parked"

    def _write(self, request: ObservedRequest, event: Event, written: Written) -> Iterator[str]:
        old, new, writer = request.row, written.new, request.writer
        request.row, request.writer = new, event
        if new is None:
            yield f"{request.token}'s row was removed"
            return
        if old is not None and old.state is new.state is State.CLAIMED:
            request.is_in_doubt = True
        if old is not None and old.state is State.CLAIMED and writer is not None and writer.task is not event.task:
            is_alive = not writer.is_orphaned and not request.is_excused(writer)
            if is_alive and not self._has_clock_jumped(writer) and not self._has_clock_jumped(event):
                yield f"{request.token}'s claim was taken from an invocation that lived and could have ended it"
        if new.state is State.POSTED and not request.is_done:
            yield f"{request.token}'s row was done before the request was"
        if new.state is State.PARKED and not request.is_parked:
            yield f"{request.token}'s row was parked before the request was"

    def _has_no_rule(self, request: ObservedRequest) -> bool:
        """Whether it is an alarm that may have no rule, and no call of an earlier rule may have been made."""
        may_have_no_rule = request.kind is CallKind.BY_RULE and NO_RULES in self.rules
        return request.kind is CallKind.NO_RULE or (may_have_no_rule and not request.may_be_done)

    def _is_unfilled(self, request: ObservedRequest, reason: str) -> bool:
        """Whether it is an alarm that may not fill its rule, and no call of an earlier rule may have been made."""
        may_be_unfilled = request.kind is CallKind.BY_RULE and UNFILLED in self.rules
        return reason == ParkReason.INVALID_REQUEST.value and may_be_unfilled and not request.may_be_done

    def _has_clock_jumped(self, event: Event) -> bool:
        """Whether the clock jumped while the invocation of the event may have run."""
        return any(event.at - INVOCATION <= at <= event.at for at in self.clock_jumps)
