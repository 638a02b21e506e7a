"""How a call may end: with its value, with the last attempt's own error, and with the reason written on it."""

import dataclasses

import pytest
import tenacity
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import Classification, ErrorKind, RetryPolicy, StopReason, retry_info
from tests.support.steps.failing import Failure, Script, classify, failures, policies, scripts

often = settings(max_examples=400)
FOUR = RetryPolicy(classifier=classify)


@often
@given(policies, scripts())
def test_nothing_follows_a_permanent_failure_nor_an_ambiguous_one_unless_it_may_be_repeated(
    policy: RetryPolicy, script: Script
) -> None:
    played = script.play(policy)
    followed = played.raised if played.error is None else played.raised[:-1]
    for failure in followed:
        assert isinstance(failure, Failure)
        assert failure.kind is not ErrorKind.PERMANENT
        assert policy.repeatable or failure.kind is not ErrorKind.AMBIGUOUS


@given(st.booleans(), st.booleans(), st.booleans())
def test_an_unanswered_call_is_repeated_only_if_the_policy_says_both(
    repeatable: bool,  # noqa: FBT001 - drawn
    repeat_unanswered: bool,  # noqa: FBT001
    answered: bool,  # noqa: FBT001
) -> None:
    policy = FOUR.with_(repeatable=repeatable, repeat_unanswered=repeat_unanswered)
    played = Script([(0.1, Failure(ErrorKind.AMBIGUOUS, answered=answered)), (0.1, "done")]).play(policy)
    assert (played.attempts == 2) == (repeatable and (answered or repeat_unanswered))


@given(st.sampled_from([KeyboardInterrupt, SystemExit, GeneratorExit, TypeError]), st.integers(0, 3), policies)
def test_what_no_classifier_knows_passes_at_once(error: type[BaseException], before: int, policy: RetryPolicy) -> None:
    steps = [(0.0, Failure())] * before + [(0.0, error()), (0.0, "done")]
    played = Script(steps, seconds=1e6).play(policy.with_(max_attempts=4))
    assert played.attempts == before + 1
    assert isinstance(played.error, error)
    assert played.error is played.raised[-1]


@given(st.sampled_from([KeyboardInterrupt, SystemExit, GeneratorExit]), st.integers(0, 3))
def test_an_interrupt_passes_at_once_whatever_a_classifier_would_say(error: type[BaseException], before: int) -> None:
    steps = [(0.0, Failure())] * before + [(0.0, error()), (0.0, "done")]
    eager = RetryPolicy(classifier=lambda _: Classification(ErrorKind.TRANSIENT), max_attempts=9)
    played = Script(steps, seconds=1e6).play(eager)
    assert played.attempts == before + 1
    assert isinstance(played.error, error)
    assert retry_info(played.error) is None


@often
@given(policies, st.lists(failures, min_size=1, max_size=8), st.integers())
def test_the_error_raised_is_the_last_attempts_own_and_says_why(
    policy: RetryPolicy, errors: list[Failure], seed: int
) -> None:
    cause = ValueError("the cause")
    for failure in errors:
        failure.__cause__ = cause
    args = [failure.args for failure in errors]
    played = Script([(0.1, error) for error in [*errors, *errors[-1:] * 9]], seed).play(policy)
    assert played.error is played.raised[-1]
    (error,) = [failure for failure in errors if failure is played.error]
    assert (type(error), error.args) == (Failure, args[errors.index(error)])
    assert (error.__cause__, error.__context__) == (cause, None)
    info = retry_info(error)
    assert info is not None
    assert info.attempts == played.attempts
    assert info.slept == pytest.approx(sum(played.pauses))
    assert info.elapsed == pytest.approx(sum(played.pauses) + 0.1 * played.attempts)
    assert (info.kind, info.code) == (error.kind, "scripted")
    assert isinstance(info.reason, StopReason)


@pytest.mark.parametrize(
    "value", [None, False, 0, "", ValueError("a value"), (), tenacity.DoAttempt(), tenacity.DoSleep(1.0)]
)
@given(count=st.integers(0, 3))
def test_a_success_returns_the_very_value_however_late(value: object, count: int) -> None:
    played = Script([(0.0, Failure())] * count + [(0.0, value)]).play(FOUR)
    assert played.error is None
    assert played.result is value
    assert played.attempts == count + 1


def boom(_event: object) -> None:
    raise RuntimeError("a hook that raises")


@often
@given(policies, scripts())
def test_reuse_copies_and_raising_hooks_change_nothing(policy: RetryPolicy, script: Script) -> None:
    first = script.play(policy)
    hooked = policy.with_(on_retry=(boom,), on_recovery=(boom,), on_giveup=(boom,))
    for again in (policy, policy.with_(), policy.with_(name="other"), dataclasses.replace(policy), hooked):
        assert script.play(again) == first


@often
@given(policies, scripts(), scripts())
def test_a_policy_within_itself_keeps_the_two_calls_apart(policy: RetryPolicy, script: Script, other: Script) -> None:
    alone = script.play(policy)
    begun = False

    def interrupt(_event: object) -> None:
        nonlocal begun
        if not begun:
            begun = True
            assert other.play(policy) == other.play(policy)

    assert script.play(policy.with_(on_retry=(interrupt,))) == alone
