import pytest

from retry_policies import Deadline, DeadlineExceeded, ErrorKind, GiveUpEvent, RetryBudget, StopReason
from retry_policies.call_state import CallState
from retry_policies.testing import FakeTime
from tests.support.steps.failing import FOUR


def test_an_asynchronous_call_without_time_for_an_attempt_is_given_up_and_reported() -> None:
    time, events = FakeTime(now=512.0), list[GiveUpEvent]()
    policy = FOUR.with_(on_giveup=events.append)
    with pytest.raises(DeadlineExceeded, match="no time for an attempt"):
        CallState.begin_async(policy, time.deadline(0.25))
    assert events == [GiveUpEvent("four", 0, StopReason.DEADLINE, ErrorKind.TRANSIENT, "deadline", 0.25, 4)]


def test_a_call_ends_at_its_deadline_or_else_after_the_timeout() -> None:
    time, other = FakeTime(now=512.0), FakeTime(now=5.0)
    policy = time.policy(FOUR).with_(timeout=8.0)
    assert CallState.begin_async(policy, None).remaining() == 8.0
    assert CallState.begin_async(policy, Deadline.after(3.0, clock=other.clock)).remaining() == 3.0


def test_the_token_of_a_retry_is_given_back_if_there_is_a_budget() -> None:
    budget = RetryBudget(burst=2)
    budget.take()
    CallState.begin_async(FOUR.with_(budget=budget), None).give_back_token()
    CallState.begin_async(FOUR, None).give_back_token()
    assert budget.tokens == 2
