"""A request -> its outcome: expired? -> allowed and valid? -> claim -> call -> end the claim -> tell Slack."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from aws_actions.calling.actions import Actions
from aws_actions.calling.holding import Hold
from aws_actions.models import (
    ALARM,
    Done,
    NotAllowed,
    Partly,
    Passing,
    Refused,
    Request,
    Result,
    Unknown,
    Unruled,
    Why,
)
from aws_events.strict_json import Invalid
from outcomes.outcome import (
    Delivered,
    Duplicate,
    Later,
    LaterReason,
    Outcome,
    Park,
    ParkReason,
    Skipped,
    SkipReason,
)
from retry_policies import Deadline
from shared_state.claims import Claim, Claims
from shared_state.rows import RowsUnavailable

type Tell = Callable[[Request, str, str, str, Deadline], None]
"""(request, what became of it, code, AWS's request id, deadline): told to Slack, or logged that it could not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """Carries requests out."""

    actions: Actions
    claims: Claims
    """Over rows that say so when they cannot be had."""
    tell: Tell
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def call(self, request: Request, hop: int, deadline: Deadline) -> Outcome:
        """What may not be made twice is made under a claim, or not at all."""
        if request.is_expired(self.now()):
            return self._refuse(ParkReason.EXPIRED, "", request, hop, deadline)
        if request.problem:
            return self._refuse(ParkReason.INVALID_REQUEST, request.problem, request, hop, deadline)
        try:
            prepared = self.actions.prepare(request)
        except Invalid as problem:
            return self._refuse(ParkReason.INVALID_REQUEST, str(problem), request, hop, deadline)
        except NotAllowed as problem:
            return self._refuse(ParkReason.NOT_ALLOWED, str(problem), request, hop, deadline)
        hold = self._claim(request.scope, request.key, hop, repeatable=prepared.repeatable)
        if not isinstance(hold, Hold):
            return hold
        if hold.is_exhausted:
            return self._park(ParkReason.DELIVERY_UNKNOWN, "unanswered", request, deadline, hold)
        result = self.actions.make(prepared, deadline, within=request.seconds_left(self.now()))
        return self._end(request, hold, result, deadline)

    def skip(self, alarm: Unruled, hop: int) -> Outcome:
        """No call; but where an earlier receive had a rule, what became of that."""
        hold = self._claim(ALARM, alarm.key, hop, repeatable=False)
        if not isinstance(hold, Hold):
            return hold
        if hold.is_doubtful:
            return Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (hold,))
        hold.release()
        return Skipped(SkipReason.NO_RULE)

    def _refuse(self, reason: ParkReason, detail: str, request: Request, hop: int, deadline: Deadline) -> Outcome:
        """Not called; but a copy of what was done is a duplicate, and of what may have been done unknown."""
        hold = self._claim(request.scope, request.key, hop, repeatable=False)
        match hold:
            case Hold() if hold.is_doubtful:
                return self._park(ParkReason.DELIVERY_UNKNOWN, "unanswered", request, deadline, hold)
            case Hold():
                return self._park(reason, detail, request, deadline, hold)
            case _:
                return hold

    def _claim(self, scope: str, key: str, hop: int, *, repeatable: bool) -> Hold | Duplicate | Later:
        """One row for each request; one call without an answer is all that may not be repeated gets."""
        claims = self.claims if repeatable else replace(self.claims, unanswered_limit=1)
        try:
            claim = claims.claim(scope, key, hop)
        except RowsUnavailable:
            return Hold(None) if repeatable else Later(LaterReason.CLAIMS_UNAVAILABLE)
        return Hold(claim) if isinstance(claim, Claim) else claim

    def _end(self, request: Request, hold: Hold, result: Result, deadline: Deadline) -> Outcome:
        """End the claim as the call ended; what is parked stays claimed until it stands there."""
        match result:
            case Done(request_id):
                hold.commit()
                if request.call.notify:
                    self.tell(request, "done", "", request_id, deadline)
                return Delivered()
            case Refused(code, request_id):
                reason = ParkReason.DELIVERY_UNKNOWN if hold.is_doubtful else ParkReason.MESSAGE_REFUSED
                return self._park(reason, code, request, deadline, hold, request_id=request_id)
            case Partly(code, request_id):
                hold.leave_unanswered()  # as below
                return self._park(ParkReason.MESSAGE_REFUSED, code, request, deadline, hold, request_id=request_id)
            case Unknown(code, request_id):
                hold.leave_unanswered()  # where it cannot be parked, it comes back and is not made again
                return self._park(ParkReason.DELIVERY_UNKNOWN, code, request, deadline, hold, request_id=request_id)
            case Passing(Why.UNANSWERED, code, after, request_id):
                if not hold.leave_unanswered():
                    return self._park(ParkReason.DELIVERY_UNKNOWN, code, request, deadline, hold, request_id=request_id)
                return Later(LaterReason.UNANSWERED, after)
            case Passing(why, _, after):
                hold.release()
                return Later(LaterReason(why.value), after)

    def _park(
        self,
        reason: ParkReason,
        detail: str,
        request: Request,
        deadline: Deadline,
        *held: Hold,
        request_id: str = "",
    ) -> Park:
        """Slack hears of it where the request asks for that; of what came too late always: somebody counted on it."""
        if request.call.notify or reason is ParkReason.EXPIRED:
            publish = partial(self.tell, request, reason.value, detail, request_id, deadline)
            return Park(reason, detail, held, publish)
        return Park(reason, detail, held)
