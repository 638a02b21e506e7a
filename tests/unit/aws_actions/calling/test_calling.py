"""A request's end: which outcome, how many calls, what the row says, what Slack hears and when."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from aws_actions.calling.calling import Calling
from aws_actions.models import Request, Unruled
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
from shared_state.claims import Claims, claim_key
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable, State
from tests.unit.aws_actions.asked import MODELS, NOON, Stubbed, fails, gives, request

ONCE = request("ecs", "UpdateService", {"service": "web"})
"""May not be made twice."""
AGAIN = request("ssm", "GetParameter", {"Name": "p"})
ALLOWED = "ecs:UpdateService,lambda:InvokeFunction,ssm:GetParameter"
DENIED = fails("AccessDeniedException")
THROTTLED = fails("ThrottlingException")
REFUSED = fails("ServiceNotFoundException")
BROKEN = fails("InternalServerError", 500)


def hangs(stubber: Stubber, _: str) -> None:
    """No answer to any call."""

    def raises(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://secret")

    stubber.client.meta.events.register("provide-client-params", raises)


@dataclass
class Scripted(Stubbed):
    """Answers in order, to the operation of one request."""

    operation: str = ""

    def create_client(self, service_name: str, *, config: Config) -> BaseClient:
        client = super().create_client(service_name, config=config)
        assert self.stubber is not None
        for answer in self.answers:
            answer(self.stubber, self.operation)
        return client


@dataclass
class TableDown(MemoryRows):
    """Answers so many calls, and none after that."""

    left: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if self.left <= 0:
            raise RowsUnavailable("ProvisionedThroughputExceededException")
        self.left -= 1
        super().swap(key, old, new)


@dataclass
class World:
    """A request on its way, at noon unless told otherwise."""

    asked: Request
    answers: list[Callable[[Stubber, str], None]]
    rows: MemoryRows = field(default_factory=MemoryRows)
    seconds: float = 0.0
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = Scripted(self.answers, ALLOWED, operation=self.asked.call.operation)
        self.calling = Calling(
            actions=self.session.actions(),
            claims=Claims(rows=self.rows, lease=90.0, clock=lambda: NOON.timestamp() + self.seconds),
            tell=self.tell,
            now=lambda: NOON + timedelta(seconds=self.seconds),
        )

    def tell(self, asked: Request, word: str, code: str, request_id: str, deadline: Deadline) -> None:
        assert asked == self.asked
        assert deadline.remaining() > 0
        self.told.append((word, code, request_id))

    def call(self, *, hop: int = 0, parks: bool = True) -> Outcome:
        """One receive, with what the batch loop does to what is parked."""
        outcome = self.calling.call(self.asked, hop, self.session.time.deadline(50))
        if isinstance(outcome, Park):
            told = list(self.told)
            assert told == []  # nothing before it stands in the parking queue
            for claim in outcome.claims:
                claim.park() if parks else claim.release()
            if parks:
                outcome.on_parked()
        return outcome

    @property
    def calls(self) -> int:
        return len(self.session.calls)

    @property
    def row(self) -> Row:
        row = self.rows.read(claim_key(self.asked.scope, "k1"))
        assert row is not None
        return row


def notified(asked: Request) -> Request:
    return replace(asked, call=replace(asked.call, notify=True))


def test_what_is_done_is_committed_and_a_copy_of_it_is_a_duplicate() -> None:
    world = World(ONCE, [gives()])
    assert world.call() == Delivered()
    assert world.row.state is State.POSTED
    assert world.call() == Duplicate()
    assert world.calls == 1
    assert world.told == []


def test_slack_is_told_what_was_done_where_the_request_asks_for_it() -> None:
    world = World(notified(ONCE), [gives()])
    world.call()
    assert world.told == [("done", "", "99999999-8888")]


ENDS: list[tuple[list[Any], Outcome, int, tuple[State, int]]] = [
    ([REFUSED], Park(ParkReason.MESSAGE_REFUSED, "ServiceNotFoundException"), 1, (State.PARKED, 0)),
    ([hangs], Park(ParkReason.DELIVERY_UNKNOWN, "unanswered"), 1, (State.PARKED, 1)),
    ([fails("ServerException", 500)], Park(ParkReason.DELIVERY_UNKNOWN, "ServerException"), 1, (State.PARKED, 1)),
    ([DENIED], Later(LaterReason.DENIED), 1, (State.FREE, 0)),
    ([THROTTLED, gives()], Delivered(), 2, (State.POSTED, 1)),
    ([THROTTLED] * 4, Later(LaterReason.THROTTLED), 4, (State.FREE, 0)),
]


@pytest.mark.parametrize(("answers", "expected", "calls", "row"), ENDS)
def test_what_may_not_be_made_twice_ends_as_aws_answers(
    answers: list[Any], expected: Outcome, calls: int, row: tuple[State, int]
) -> None:
    world = World(ONCE, answers)
    assert world.call() == expected
    assert world.calls == calls
    assert (world.row.state, world.row.count) == row


@pytest.mark.parametrize("answers", [[REFUSED], [hangs]])
def test_slack_is_told_of_what_was_parked_once_it_is_and_only_then(answers: list[Any]) -> None:
    world = World(notified(ONCE), answers)
    outcome = world.call()
    assert isinstance(outcome, Park)
    assert [(word, code) for word, code, _ in world.told] == [(outcome.reason.value, outcome.detail)]
    other = World(notified(ONCE), answers)
    other.call(parks=False)
    assert other.told == []


def test_a_call_denied_is_made_once_per_receive_until_it_expires() -> None:
    world = World(ONCE, [DENIED] * 9)
    for receive in range(1, 4):
        assert world.call() == Later(LaterReason.DENIED)
        assert world.calls == receive
        world.seconds += 300
    assert world.call() == Park(ParkReason.EXPIRED)
    assert world.calls == 3
    assert world.told == [("expired", "", "")]


def test_a_call_denied_is_made_as_soon_as_it_is_mended() -> None:
    world = World(ONCE, [DENIED, gives()])
    assert world.call() == Later(LaterReason.DENIED)
    assert world.call() == Delivered()


def test_what_died_on_the_way_is_not_made_again() -> None:
    world = World(ONCE, [gives()])
    world.calling.claims.claim("action:ecs.UpdateService", "k1", 0)
    assert world.call() == Later(LaterReason.IN_PROGRESS, 90.0)
    world.seconds = 91
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert world.call() == Duplicate(is_parked=True)
    assert world.calls == 0


@pytest.mark.parametrize("answer", [hangs, fails("ServerException", 500)])
def test_what_is_unknown_and_cannot_be_parked_is_not_made_again(answer: Any) -> None:  # noqa: ANN401 - as Scripted takes it
    world = World(ONCE, [answer, gives()])
    unknown = world.call(parks=False)
    assert isinstance(unknown, Park)
    assert world.call(parks=False) == world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert world.calls == 1


def test_what_was_done_in_part_and_cannot_be_parked_is_not_made_again() -> None:
    world = World(request("lambda", "Invoke", {"FunctionName": "f"}), [gives({"FunctionError": "Unhandled"}), gives()])
    assert world.call(parks=False) == Park(ParkReason.MESSAGE_REFUSED, "FunctionError_in_answer")
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert world.calls == 1


def test_no_attempt_begins_after_the_request_has_expired() -> None:
    one_second: dict[str, Any] = {"x-amz-retry-after": "1000"}
    world = World(ONCE, [fails("ThrottlingException", **one_second)] * 4)
    world.seconds = (ONCE.expires_at - NOON).total_seconds() - 2.5
    assert world.call() == Later(LaterReason.THROTTLED, 1.0)
    assert world.session.time.slept == [1.0, 1.0]


def test_what_expires_while_its_role_is_assumed_is_not_called() -> None:
    world = World(ONCE, [gives()])
    world.session.assuming = 2.0
    world.seconds = (ONCE.expires_at - NOON).total_seconds() - 1.5
    assert world.call() == Later(LaterReason.NOT_ATTEMPTED)
    assert world.calls == 0
    assert world.row.state is State.FREE


def test_what_expires_while_its_role_is_assumed_anew_may_have_been_made_before() -> None:
    world = World(AGAIN, [BROKEN, gives()])
    world.session.assuming = 1.0
    world.seconds = (AGAIN.expires_at - NOON).total_seconds() - 1.5
    assert world.call() == Later(LaterReason.UNANSWERED)
    assert world.calls == 1


def test_what_expires_while_it_is_claimed_is_not_called() -> None:
    world = World(ONCE, [gives()])
    slow = replace(world.calling, now=iter([NOON, ONCE.expires_at + timedelta(seconds=1)]).__next__)
    assert slow.call(ONCE, 0, world.session.time.deadline(50)) == Later(LaterReason.NOT_ATTEMPTED)
    assert world.calls == 0
    assert world.row.state is State.FREE


def test_what_died_on_the_way_and_is_late_is_unknown_and_what_was_done_a_duplicate() -> None:
    died = World(ONCE, [])
    died.calling.claims.claim("action:ecs.UpdateService", "k1", 0)
    died.seconds = 3600
    assert died.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    done = World(ONCE, [gives()])
    done.call()
    done.seconds = 3600
    assert done.call() == Duplicate()


def test_what_is_unknown_and_sent_back_late_is_unknown_still() -> None:
    world = World(ONCE, [hangs])
    world.call()
    world.seconds = 3600
    assert world.call(hop=1) == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert world.calls == 1


@pytest.mark.parametrize("last", [THROTTLED, DENIED])
def test_what_one_attempt_may_have_done_is_never_called_expired(last: Any) -> None:  # noqa: ANN401 - as Scripted takes it
    world = World(AGAIN, [BROKEN] + [last] * 3)
    assert world.call() == Later(LaterReason.UNANSWERED)
    world.seconds = 3600
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


def test_what_one_attempt_may_have_done_is_never_called_refused() -> None:
    world = World(AGAIN, [BROKEN, REFUSED])
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "ServiceNotFoundException")


def test_what_an_earlier_receive_may_have_done_is_never_called_refused() -> None:
    world = World(AGAIN, [BROKEN] * 4 + [REFUSED])
    assert world.call() == Later(LaterReason.UNANSWERED)
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "ServiceNotFoundException")
    once = World(ONCE, [BROKEN, REFUSED])
    once.call()
    assert once.call(hop=1) == Park(ParkReason.DELIVERY_UNKNOWN, "ServiceNotFoundException")


def test_without_a_row_to_remember_it_what_may_have_been_done_is_parked_at_once() -> None:
    world = World(AGAIN, [BROKEN] * 4, TableDown())
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "InternalServerError")


def test_only_a_human_has_what_is_unknown_made_again() -> None:
    world = World(ONCE, [hangs])
    world.call()
    assert world.call(hop=1) == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert world.calls == 2


def test_without_the_table_only_what_may_be_made_twice_is_made() -> None:
    once, again = World(ONCE, [gives()], TableDown()), World(AGAIN, [gives()], TableDown())
    assert once.call() == Later(LaterReason.CLAIMS_UNAVAILABLE)
    assert once.calls == 0
    assert again.call() == Delivered()
    assert again.calls == 1


@pytest.mark.parametrize(("answers", "expected"), [([gives()], Delivered()), ([DENIED], Later(LaterReason.DENIED))])
def test_an_end_that_cannot_be_written_is_the_end_all_the_same(answers: list[Any], expected: Outcome) -> None:
    world = World(ONCE, answers, TableDown(left=1))
    assert world.call() == expected
    assert (world.row.state, world.row.count) == (State.CLAIMED, 1)


def test_a_row_that_cannot_be_written_keeps_nothing_from_being_parked() -> None:
    world = World(notified(ONCE), [REFUSED], TableDown(left=1))
    assert isinstance(world.call(), Park)
    assert len(world.told) == 1


def test_what_may_be_made_twice_is_repeated_and_then_left_to_the_queue_five_times_at_most() -> None:
    world = World(AGAIN, [hangs])
    assert world.call() == Later(LaterReason.UNANSWERED)
    assert world.calls == 4
    assert [world.call() for _ in range(3)] == [Later(LaterReason.UNANSWERED)] * 3
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (request("ecs", "DeleteService", {}), Park(ParkReason.NOT_ALLOWED, "ecs:DeleteService")),
        (
            request("ecs", "UpdateService", {}),
            Park(ParkReason.INVALID_REQUEST, "parameters.service: is missing"),
        ),
    ],
)
def test_what_cannot_be_called_is_parked_once_and_without_a_client(asked: Request, expected: Outcome) -> None:
    world = World(notified(asked), [])
    assert world.call() == expected
    assert world.session.made == []
    assert [word for word, _, _ in world.told] == [expected.reason.value if isinstance(expected, Park) else ""]
    assert world.call() == Duplicate(is_parked=True)


@pytest.mark.parametrize(
    "changes", [{"allowed": "ecs:DeleteService"}, {"get_service_model": lambda _: MODELS.get_service_model("ecr")}]
)
def test_what_died_on_the_way_is_unknown_even_where_it_cannot_be_called_any_more(changes: dict[str, Any]) -> None:
    world = World(ONCE, [])
    world.calling.claims.claim("action:ecs.UpdateService", "k1", 0)
    world.seconds = 91
    for name, value in changes.items():
        setattr(world.session, name, value)
    world.calling = replace(world.calling, actions=world.session.actions())
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


def test_what_cannot_be_called_waits_for_the_table_that_knows_whether_it_was() -> None:
    assert World(request("ecs", "DeleteService", {}), [], TableDown()).call() == Later(LaterReason.CLAIMS_UNAVAILABLE)


BY_RULE = replace(ONCE, alarm="web-unhealthy")
UNRULED = Unruled("k1")
SKIPPED = Skipped(SkipReason.NO_RULE)


def test_an_alarm_without_a_rule_is_skipped_each_time() -> None:
    world = World(BY_RULE, [])
    assert [world.calling.skip(UNRULED, 0) for _ in range(3)] == [SKIPPED] * 3
    assert world.call() != SKIPPED  # nor is it kept from a rule that it has by then


def test_an_alarm_that_died_in_its_call_is_unknown_though_it_has_no_rule_any_more() -> None:
    world = World(BY_RULE, [])
    world.calling.claims.claim(BY_RULE.scope, "k1", 0)
    assert world.calling.skip(UNRULED, 0) == Later(LaterReason.IN_PROGRESS, 90.0)
    world.seconds = 91
    assert world.calling.skip(UNRULED, 0) == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


def test_an_alarm_whose_call_was_made_is_a_duplicate_though_it_has_no_rule_any_more() -> None:
    world = World(BY_RULE, [gives()])
    assert world.call() == Delivered()
    assert world.calling.skip(UNRULED, 0) == Duplicate()


def test_an_alarm_that_may_have_had_a_rule_waits_for_the_table() -> None:
    assert World(BY_RULE, [], TableDown()).calling.skip(UNRULED, 0) == Later(LaterReason.CLAIMS_UNAVAILABLE)


def test_an_alarm_makes_one_call_whatever_its_rule_says_by_then() -> None:
    rows = MemoryRows()
    died, done = World(BY_RULE, [hangs], rows), replace(AGAIN, alarm="web-unhealthy")
    died.calling.claims.claim(BY_RULE.scope, "k1", 0)
    world = World(replace(request("lambda", "Invoke", {"FunctionName": "f"}), alarm="web-unhealthy"), [], rows)
    world.seconds = 91
    assert world.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    again = World(BY_RULE, [gives()])
    assert again.call() == Delivered()
    assert World(done, [], again.rows).call() == Duplicate()


def test_a_rule_that_the_alarm_cannot_fill_parks_it_tells_slack_and_knows_what_was_made_before() -> None:
    asked = replace(notified(BY_RULE), problem="parameters.service: the alarm has no dimension.ServiceName")
    world = World(asked, [])
    assert world.call() == Park(ParkReason.INVALID_REQUEST, asked.problem)
    assert [word for word, _, _ in world.told] == ["invalid_request"]
    assert world.call() == Duplicate(is_parked=True)
    assert World(asked, [], TableDown()).call() == Later(LaterReason.CLAIMS_UNAVAILABLE)
    died = World(asked, [])
    died.calling.claims.claim(asked.scope, "k1", 0)
    died.seconds = 91
    assert died.call() == Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


def test_a_request_of_the_same_key_for_another_operation_is_another_one() -> None:
    rows = MemoryRows()
    assert World(ONCE, [gives()], rows).call() == Delivered()
    assert World(AGAIN, [gives()], rows).call() == Delivered()


def test_a_storm_of_throttled_calls_is_not_answered_with_four_times_the_calls() -> None:
    session = Scripted([THROTTLED] * 600, ALLOWED, operation="UpdateService")
    calling = Calling(
        actions=session.actions(), claims=Claims(rows=MemoryRows(), lease=90.0), tell=lambda *_: None, now=lambda: NOON
    )
    asked = [replace(ONCE, key=f"k{number}") for number in range(500)]
    outcomes = {calling.call(one, 0, session.time.deadline(50)) for one in asked}
    assert outcomes == {Later(LaterReason.THROTTLED)}
    assert len(session.calls) == 500 + 10  # the budget's burst
