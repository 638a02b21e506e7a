"""The end of a request: its outcome, its number of calls, its row, and the outcome that Slack shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from aws_actions.models import Request
from outcomes.outcome import Delivered, Duplicate, Later, LaterReason, Outcome, Park, ParkReason, Skipped, SkipReason
from shared_state.memory_rows import MemoryRows
from shared_state.rows import State
from tests.support.steps.tables import FailingRows
from tests.unit.aws_actions.builders import NOON, Answer, fails, gives, request
from tests.unit.aws_actions.world import ALLOWED, World

ONCE = request("ecs", "UpdateService", {"service": "web"})
"""Must not be made twice."""
AGAIN = request("ssm", "GetParameter", {"Name": "p"})
INVOKE = request("lambda", "Invoke", {"FunctionName": "f"})
BY_RULE = replace(ONCE, alarm="web-unhealthy")
DENIED = fails("AccessDeniedException")
THROTTLED = fails("ThrottlingException")
REFUSED = fails("ServiceNotFoundException")
BROKEN = fails("InternalServerError", 500)
HANGS = ReadTimeoutError(endpoint_url="https://secret")
UNKNOWN = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
SKIPPED = Skipped(SkipReason.NO_RULE)
LIFE = (ONCE.expires_at - NOON).total_seconds()
LATE = 4 * LIFE


def notified(received: Request) -> Request:
    return replace(received, call=replace(received.call, notify=True))


@pytest.mark.parametrize(
    ("answers", "expected", "calls", "row"),
    [
        ([gives()], Delivered(), 1, (State.POSTED, 1)),
        ([REFUSED], Park(ParkReason.MESSAGE_REFUSED, "ServiceNotFoundException"), 1, (State.PARKED, 0)),
        ([HANGS], UNKNOWN, 1, (State.PARKED, 1)),
        ([fails("X", 500)], Park(ParkReason.DELIVERY_UNKNOWN, "X"), 1, (State.PARKED, 1)),
        ([DENIED], Later(LaterReason.DENIED), 1, (State.FREE, 0)),
        ([fails("InvalidSignatureException")] * 2, Later(LaterReason.DENIED), 2, (State.FREE, 0)),
        ([fails("RequestInTheFuture", 403), gives()], Delivered(), 2, (State.POSTED, 1)),
        ([THROTTLED, gives()], Delivered(), 2, (State.POSTED, 1)),
        ([THROTTLED] * 4, Later(LaterReason.THROTTLED), 4, (State.FREE, 0)),
    ],
)
def test_a_call_that_must_not_be_made_twice_ends_as_aws_answers(
    answers: list[Answer], expected: Outcome, calls: int, row: tuple[State, int]
) -> None:
    world = World(ONCE, answers)
    assert world.call() == expected
    assert (world.aws.attempts, world.row.state, world.row.count) == (calls, *row)
    assert world.published == []


def test_a_copy_of_a_made_call_is_a_duplicate_even_after_it_expired() -> None:
    world = World(ONCE, [gives()])
    world.call()
    assert world.call() == Duplicate()
    world.seconds = LATE
    assert world.call() == Duplicate()


@pytest.mark.parametrize(
    ("received", "answers", "published"),
    [
        (ONCE, [gives()], ("done", "", "99999999-8888")),
        (ONCE, [REFUSED], ("message_refused", "ServiceNotFoundException", "11111111-2222")),
        (ONCE, [HANGS], ("delivery_unknown", "unanswered", "")),
        (request("ecs", "DeleteService", {}), [], ("not_allowed", "ecs:DeleteService", "")),
        (request("ecs", "UpdateService", {}), [], ("invalid_request", "parameters.service: is missing", "")),
        (replace(BY_RULE, problem="parameters.a: x"), [], ("invalid_request", "parameters.a: x", "")),
    ],
)
def test_an_outcome_is_published_once_and_a_parked_one_not_before_it_is_parked(
    received: Request, answers: list[Answer], published: tuple[str, str, str]
) -> None:
    unparked = World(notified(received), answers)
    outcome = unparked.call(parks=False)
    assert unparked.published == ([] if isinstance(outcome, Park) else [published])
    world = World(notified(received), answers)
    world.call()
    assert world.call() in {Duplicate(), Duplicate(is_parked=True)}
    assert world.published == [published]
    assert world.aws.made == (["ecs"] if answers else [])


def test_a_denied_call_is_made_once_per_receive_until_it_is_repaired_or_expires() -> None:
    world = World(ONCE, [DENIED] * 3)
    for receive in range(1, 4):
        assert world.call() == Later(LaterReason.DENIED)
        assert world.aws.attempts == receive
        world.seconds += LIFE / 3
    assert world.call() == Park(ParkReason.EXPIRED)
    assert world.published == [("expired", "", "")]
    repaired = World(ONCE, [DENIED, gives()])
    assert [repaired.call() for _ in range(2)] == [Later(LaterReason.DENIED), Delivered()]


@pytest.mark.parametrize("seconds", [91, LATE])
@pytest.mark.parametrize(
    ("received", "allowed"),
    [(ONCE, ALLOWED), (ONCE, "ecs:DeleteService"), (replace(BY_RULE, problem="parameters.a: x"), ALLOWED)],
    ids=["callable", "not allowed", "without a placeholder's value"],
)
def test_a_call_in_which_the_function_died_is_unknown(received: Request, allowed: str, seconds: float) -> None:
    world = World(received, [], allowed=allowed).die()
    assert world.call() == Later(LaterReason.IN_PROGRESS, 90.0)
    world.seconds = seconds
    assert world.call() == UNKNOWN
    assert world.call() == Duplicate(is_parked=True)
    assert world.aws.attempts == 0


@pytest.mark.parametrize("answer", [HANGS, fails("ServerException", 500)])
def test_an_unknown_call_that_cannot_be_parked_is_not_made_again(answer: Answer) -> None:
    world = World(ONCE, [answer])
    assert isinstance(world.call(parks=False), Park)
    assert world.call(parks=False) == world.call() == UNKNOWN


def test_a_partly_failed_call_that_cannot_be_parked_is_not_made_again() -> None:
    world = World(INVOKE, [gives({"FunctionError": "Unhandled"})])
    assert world.call(parks=False) == Park(ParkReason.MESSAGE_REFUSED, "FunctionError_in_answer")
    assert world.call() == UNKNOWN


def test_no_attempt_begins_after_the_request_has_expired() -> None:
    one_second: dict[str, Any] = {"x-amz-retry-after": "1000"}
    world = World(ONCE, [fails("ThrottlingException", **one_second)] * 4, seconds=LIFE - 2.5)
    assert world.call() == Later(LaterReason.THROTTLED, 1.0)
    assert world.aws.time.slept == [1.0, 1.0]


@pytest.mark.parametrize(
    ("received", "answers", "seconds_to_assume", "reason"),
    [(ONCE, [], 2.0, LaterReason.NOT_ATTEMPTED), (AGAIN, [BROKEN], 1.0, LaterReason.UNANSWERED)],
)
def test_a_request_that_expires_while_the_role_is_assumed_is_not_called(
    received: Request, answers: list[Answer], seconds_to_assume: float, reason: LaterReason
) -> None:
    world = World(received, answers, seconds=LIFE - 1.5)
    world.aws.seconds_to_assume = seconds_to_assume
    assert world.call() == Later(reason)
    assert (world.aws.attempts, world.row.state) == (len(answers), State.FREE)


def test_a_request_that_expires_while_it_is_claimed_is_not_called() -> None:
    world = World(ONCE, [])
    slow = replace(world.calling, now=iter([NOON, ONCE.expires_at + timedelta(seconds=1)]).__next__)
    assert slow.call(ONCE, 0, world.aws.time.deadline(50)) == Later(LaterReason.NOT_ATTEMPTED)
    assert world.row.state is State.FREE


@pytest.mark.parametrize("last", [THROTTLED, DENIED])
def test_a_call_with_one_ambiguous_attempt_never_ends_as_expired(last: Answer) -> None:
    world = World(AGAIN, [BROKEN] + [last] * 3)
    assert world.call() == Later(LaterReason.UNANSWERED)
    world.seconds = LATE
    assert world.call() == UNKNOWN


@pytest.mark.parametrize(
    ("received", "answers", "hops"), [(AGAIN, [BROKEN], [0]), (AGAIN, [BROKEN] * 4, [0, 0]), (ONCE, [BROKEN], [0, 1])]
)
def test_a_call_with_one_ambiguous_attempt_never_ends_as_refused(
    received: Request, answers: list[Answer], hops: list[int]
) -> None:
    world = World(received, [*answers, REFUSED])
    assert [world.call(hop=hop) for hop in hops][-1] == Park(ParkReason.DELIVERY_UNKNOWN, "ServiceNotFoundException")


def test_only_a_redrive_makes_an_unknown_call_again_and_not_after_it_expired() -> None:
    world = World(ONCE, [HANGS] * 2)
    assert [world.call(), world.call(), world.call(hop=1)] == [UNKNOWN, Duplicate(is_parked=True), UNKNOWN]
    world.seconds = LATE
    assert world.call(hop=2) == UNKNOWN
    assert world.aws.attempts == 2


def test_a_repeatable_call_without_an_answer_is_received_five_times_at_most() -> None:
    world = World(AGAIN, [HANGS] * 20)
    assert [world.call() for _ in range(5)] == [Later(LaterReason.UNANSWERED)] * 4 + [UNKNOWN]
    assert world.aws.attempts == 5 + 10  # the budget's burst


UNCLAIMED = Later(LaterReason.CLAIMS_UNAVAILABLE)


@pytest.mark.parametrize(
    ("received", "answers", "expected"),
    [
        (ONCE, [], UNCLAIMED),
        (AGAIN, [gives()], Delivered()),
        (AGAIN, [BROKEN] * 4, Park(ParkReason.DELIVERY_UNKNOWN, "InternalServerError")),
        (request("ecs", "DeleteService", {}), [], UNCLAIMED),
        (replace(BY_RULE, problem="parameters.a: x"), [], UNCLAIMED),
    ],
)
def test_without_the_table_only_a_repeatable_call_is_made(
    received: Request, answers: list[Answer], expected: Outcome
) -> None:
    world = World(received, answers, FailingRows())
    assert world.call() == expected
    assert world.aws.attempts == len(answers)
    assert world.skip() == UNCLAIMED


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (gives(), Delivered()),
        (DENIED, Later(LaterReason.DENIED)),
        (REFUSED, Park(ParkReason.MESSAGE_REFUSED, "ServiceNotFoundException")),
    ],
)
def test_an_end_that_cannot_be_written_does_not_change_the_outcome(answer: Answer, expected: Outcome) -> None:
    world = World(notified(ONCE), [answer], FailingRows(left=1))
    assert world.call() == expected
    assert (world.row.state, world.row.count) == (State.CLAIMED, 1)
    assert bool(world.published) is not isinstance(expected, Later)


def test_an_alarm_without_a_rule_is_skipped_each_time_and_called_once_it_has_one() -> None:
    world = World(BY_RULE, [gives()])
    assert [world.skip() for _ in range(3)] == [SKIPPED] * 3
    assert world.call() == Delivered()
    assert world.skip() == Duplicate()


def test_an_alarm_without_a_rule_is_unknown_if_the_function_died_in_its_call() -> None:
    world = World(BY_RULE, []).die()
    assert world.skip() == Later(LaterReason.IN_PROGRESS, 90.0)
    world.seconds = 91
    assert world.skip() == UNKNOWN


def test_an_alarm_makes_one_call_even_if_its_rule_changes() -> None:
    died = World(BY_RULE, []).die()
    assert World(replace(INVOKE, alarm="web-unhealthy"), [], died.rows, seconds=91).call() == UNKNOWN
    done = World(BY_RULE, [gives()])
    assert done.call() == Delivered()
    assert World(replace(AGAIN, alarm="web-unhealthy"), [], done.rows).call() == Duplicate()


def test_a_request_with_the_same_key_for_another_operation_is_another_request() -> None:
    rows = MemoryRows()
    assert [World(received, [gives()], rows).call() for received in (ONCE, AGAIN)] == [Delivered()] * 2
