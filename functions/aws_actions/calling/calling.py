"""A request -> its outcome: expired? -> allowed and valid? -> claim -> call -> end the claim -> publish the outcome."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from aws_actions.calling.actions import Actions
from aws_actions.calling.request_claim import RequestClaim
from aws_actions.models import (
    ALARM,
    AlarmWithoutRule,
    Done,
    NotAllowed,
    PartlyFailed,
    Refused,
    Request,
    Result,
    Retryable,
    Unknown,
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


class PublishOutcome(Protocol):
    """Publish the outcome of a request; a failure is logged."""

    def __call__(
        self, request: Request, outcome: str, deadline: Deadline, *, code: str = "", request_id: str = ""
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """Makes the calls of requests."""

    actions: Actions
    claims: Claims
    """Its rows raise RowsUnavailable while the table is down."""
    publish_outcome: PublishOutcome
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def call(self, request: Request, hop: int, deadline: Deadline) -> Outcome:
        """Make the call. One that must not be made twice is made under a claim, or not at all."""
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
        claim = self._claim(request.scope, request.key, hop, repeatable=prepared.repeatable)
        if not isinstance(claim, RequestClaim):
            return claim
        if claim.is_exhausted:
            return self._park(Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (claim,)), request, deadline)
        result = self.actions.make(prepared, deadline, within=request.seconds_left(self.now()))
        return self._end(request, claim, result, deadline)

    def skip(self, alarm: AlarmWithoutRule, hop: int) -> Outcome:
        """Make no call. If an earlier receive had a rule and may have made its call, park the alarm."""
        claim = self._claim(ALARM, alarm.key, hop, repeatable=False)
        if not isinstance(claim, RequestClaim):
            return claim
        if claim.is_doubtful:
            return Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (claim,))
        claim.release()
        return Skipped(SkipReason.NO_RULE)

    def _refuse(self, reason: ParkReason, detail: str, request: Request, hop: int, deadline: Deadline) -> Outcome:
        """Park the request, unless its call was made before: then it is a duplicate, or unknown."""
        claim = self._claim(request.scope, request.key, hop, repeatable=False)
        match claim:
            case RequestClaim() if claim.is_doubtful:
                return self._park(Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (claim,)), request, deadline)
            case RequestClaim():
                return self._park(Park(reason, detail, (claim,)), request, deadline)
            case _:
                return claim

    def _claim(self, scope: str, key: str, hop: int, *, repeatable: bool) -> RequestClaim | Duplicate | Later:
        """Claim the request's row. A call that must not be repeated may have one attempt without an answer."""
        claims = self.claims if repeatable else replace(self.claims, unanswered_limit=1)
        try:
            claim = claims.claim(scope, key, hop)
        except RowsUnavailable:
            return RequestClaim(None) if repeatable else Later(LaterReason.CLAIMS_UNAVAILABLE)
        return RequestClaim(claim) if isinstance(claim, Claim) else claim

    def _end(self, request: Request, claim: RequestClaim, result: Result, deadline: Deadline) -> Outcome:
        """End the claim by the call's result. A request to park stays claimed until it is in the parking queue."""

        def park(reason: ParkReason, code: str, request_id: str) -> Park:
            return self._park(Park(reason, code, (claim,)), request, deadline, request_id=request_id)

        match result:
            case Done(request_id):
                claim.commit()
                if request.call.notify:
                    self.publish_outcome(request, "done", deadline, request_id=request_id)
                return Delivered()
            case Refused(code, request_id):
                reason = ParkReason.DELIVERY_UNKNOWN if claim.is_doubtful else ParkReason.MESSAGE_REFUSED
                return park(reason, code, request_id)
            case PartlyFailed(code, request_id):
                claim.leave_unanswered()  # if parking fails, the call must not be made again
                return park(ParkReason.MESSAGE_REFUSED, code, request_id)
            case Unknown(code, request_id):
                claim.leave_unanswered()  # if parking fails, the unanswered call must not be made again
                return park(ParkReason.DELIVERY_UNKNOWN, code, request_id)
            case Retryable(LaterReason.UNANSWERED, code, after, request_id):
                if not claim.leave_unanswered():
                    return park(ParkReason.DELIVERY_UNKNOWN, code, request_id)
                return Later(LaterReason.UNANSWERED, after)
            case Retryable(reason, _, after):
                claim.release()
                return Later(reason, after)

    def _park(self, park: Park, request: Request, deadline: Deadline, *, request_id: str = "") -> Park:
        """Publish the outcome once the request is parked: if it asks for that, and always if it expired."""
        if not request.call.notify and park.reason is not ParkReason.EXPIRED:
            return park
        outcome, code = park.reason.value, park.detail
        publish = partial(self.publish_outcome, request, outcome, deadline, code=code, request_id=request_id)
        return replace(park, on_parked=publish)
