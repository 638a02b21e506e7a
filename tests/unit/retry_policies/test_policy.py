import logging
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, dataclass

import pytest

from retry_policies import (
    Classification,
    Deadline,
    ErrorKind,
    GiveUpEvent,
    RecoveryEvent,
    RetryBudget,
    RetryEvent,
    RetryPolicy,
    StopReason,
    retry_info,
)
from retry_policies.events import log_giveup, log_retry
from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from retry_policies.testing import FakeTime, Script, longest, shortest
from tests.support.steps.failing import Failure, classify

FOUR = RetryPolicy(classifier=classify, name="four")


def test_arguments_go_to_the_function_in_every_attempt() -> None:
    time = FakeTime()
    script = Script(time, Failure(), "done")
    assert time.policy(FOUR).call(None, script, 1, deadline="mine", fn=2, self=3) == "done"
    assert script.calls == [((1,), {"deadline": "mine", "fn": 2, "self": 3})] * 2


def test_arguments_of_either_kind_alone_go_to_the_function() -> None:
    assert FOUR.call(None, divmod, 7, 3) == (2, 1)
    assert FOUR.call(None, dict, a=1) == {"a": 1}


def test_the_longest_pauses_double_up_to_the_cap_and_throttling_starts_higher() -> None:
    time = FakeTime()
    policy = time.policy(FOUR.with_(max_attempts=9, timeout=999))
    assert policy.call(None, Script(time, *[Failure()] * 5, "done")) == "done"
    assert time.slept == [0.5, 1.0, 2.0, 4.0, 4.0]
    time.slept.clear()
    policy.call(None, Script(time, *[Failure(ErrorKind.THROTTLED)] * 4, "done"))
    assert time.slept == [1.0, 2.0, 4.0, 4.0]


def test_the_jitter_is_drawn_from_nothing_up_to_the_window() -> None:
    time = FakeTime()
    policy = time.policy(FOUR, uniform=shortest)
    policy.call(None, Script(time, Failure(), Failure(retry_after=2.0), "done"))
    assert time.slept == [0.0, 2.0]


def test_without_a_deadline_the_timeout_is_one() -> None:
    time = FakeTime(now=512.0)
    with pytest.raises(Failure) as raised:
        time.policy(FOUR.with_(timeout=2.0)).call(None, Script(time, *[Failure()] * 4, takes=0.25))
    info = retry_info(raised.value)
    assert info is not None
    assert (info.attempts, info.reason, info.elapsed, info.slept) == (2, StopReason.DEADLINE, 1.0, 0.5)


def test_a_pause_may_just_fit() -> None:
    time = FakeTime()
    assert time.policy(FOUR).call(time.deadline(1.0), Script(time, Failure(), "done")) == "done"


def test_a_pause_that_takes_all_the_time_is_not_slept() -> None:
    time = FakeTime()
    policy = time.policy(FOUR.with_(initial_backoff=0.0, min_attempt_time=0.0))
    with pytest.raises(Failure):
        policy.call(time.deadline(1.0), Script(time, Failure(retry_after=1.0), "done"))
    assert time.slept == []


def test_a_pause_of_the_longest_length_is_slept() -> None:
    time = FakeTime()
    policy = time.policy(FOUR.with_(initial_backoff=0.0, timeout=99))
    assert policy.call(None, Script(time, Failure(retry_after=5.0), "done")) == "done"
    assert time.slept == [5.0]


def told(policy: RetryPolicy, *outcomes: object, seconds: float = 30.0) -> list[object]:
    """What the hooks hear of one call."""
    time, heard = FakeTime(now=512.0), list[object]()
    hooked = time.policy(policy).with_(on_retry=(heard.append,), on_recovery=(heard.append,), on_giveup=(heard.append,))
    try:
        hooked.call(time.deadline(seconds), Script(time, *outcomes, takes=0.125))
    except Exception as error:  # noqa: BLE001 - scripted
        heard.append(error)
    return heard


def test_hooks_hear_of_retries_and_recovery() -> None:
    assert told(FOUR, Failure(), Failure(ErrorKind.THROTTLED), "done") == [
        RetryEvent("four", 1, 0.5, ErrorKind.TRANSIENT, "scripted", 29.875),
        RetryEvent("four", 2, 2.0, ErrorKind.THROTTLED, "scripted", 29.25),
        RecoveryEvent("four", 3, 27.125),
    ]


def test_hooks_hear_of_a_give_up() -> None:
    permanent = Failure(ErrorKind.PERMANENT)
    assert told(FOUR, permanent) == [
        GiveUpEvent("four", 1, StopReason.PERMANENT, ErrorKind.PERMANENT, "scripted", 29.875),
        permanent,
    ]
    passing = Failure()
    assert told(FOUR.with_(max_attempts=1), passing) == [
        GiveUpEvent("four", 1, StopReason.ATTEMPTS, ErrorKind.TRANSIENT, "scripted", 29.875),
        passing,
    ]


def test_hooks_hear_of_a_call_that_came_too_late() -> None:
    event, _ = told(FOUR, seconds=0.375)
    assert event == GiveUpEvent("four", 0, StopReason.DEADLINE, ErrorKind.TRANSIENT, "deadline", 0.375)


def test_a_success_tells_nobody() -> None:
    assert told(FOUR, "done") == []


def test_a_hook_that_raises_is_reported_without_what_it_knew(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_event: object) -> None:
        raise RuntimeError("https://secret")

    time = FakeTime()
    policy = time.policy(FOUR).with_(on_retry=(broken, log_retry))
    assert policy.call(None, Script(time, Failure(), "done")) == "done"
    assert [record.getMessage() for record in caplog.records] == ["a hook raised", "attempt failed"]
    assert caplog.records[0].__dict__["error"] == "RuntimeError"
    assert "secret" not in caplog.text


def test_the_two_log_hooks_write_events_not_sentences(caplog: pytest.LogCaptureFixture) -> None:
    time = FakeTime()
    policy = time.policy(FOUR).with_(max_attempts=2, on_retry=(log_retry,), on_giveup=(log_giveup,))
    with pytest.raises(Failure):
        policy.call(None, Script(time, Failure(retry_after=1 / 3), Failure()))
    retry, giveup = caplog.records
    assert (retry.levelno, retry.getMessage()) == (logging.WARNING, "attempt failed")
    assert (giveup.levelno, giveup.getMessage()) == (logging.ERROR, "gave up")
    facts = ("policy", "attempt", "wait", "reason", "kind", "code")
    assert [retry.__dict__.get(fact) for fact in facts] == ["four", 1, 0.833, None, "TRANSIENT", "scripted"]
    assert [giveup.__dict__.get(fact) for fact in facts] == ["four", 2, None, "ATTEMPTS", "TRANSIENT", "scripted"]


def give_up(error: Exception, policy: RetryPolicy = FOUR) -> None:
    time = FakeTime()
    with pytest.raises(type(error)):
        time.policy(policy).call(None, Script(time, *[error] * 4))


def test_one_note_says_how_it_ended_and_an_older_one_goes() -> None:
    error = Failure()
    error.add_note("not ours")
    give_up(error)
    give_up(error, FOUR.with_(max_attempts=2))
    assert error.__notes__ == ["not ours", "gave up after attempt 2: ATTEMPTS"]


def test_a_stop_at_the_first_attempt_and_a_late_permanent_failure_get_their_note() -> None:
    impatient = Failure(ErrorKind.THROTTLED, 3600.0)
    give_up(impatient)
    assert impatient.__notes__ == ["gave up after attempt 1: RETRY_AFTER"]
    late = Failure(ErrorKind.PERMANENT)
    time = FakeTime()
    with pytest.raises(Failure):
        time.policy(FOUR).call(None, Script(time, Failure(), late))
    assert late.__notes__ == ["gave up after attempt 2: PERMANENT"]


@pytest.mark.parametrize("hooks", [(), (log_giveup,)])
def test_a_first_permanent_failure_says_the_same_with_hooks_and_without(
    hooks: tuple[Callable[[GiveUpEvent], None], ...],
) -> None:
    time, error = FakeTime(now=512.0), Failure(ErrorKind.PERMANENT)
    with pytest.raises(Failure):
        time.policy(FOUR).with_(on_giveup=hooks).call(None, Script(time, error, takes=0.25))
    info = retry_info(error)
    assert info is not None
    assert info[:5] == (1, 0.25, 0.0, StopReason.PERMANENT, error.classification)


def test_no_note_of_an_earlier_end_stays_where_the_last_one_gets_none() -> None:
    error = Failure()
    give_up(error)
    error.classification = Failure(ErrorKind.PERMANENT).classification
    give_up(error)
    assert error.__notes__ == []
    info = retry_info(error)
    assert info is not None
    assert (info.reason, info.attempts) == (StopReason.PERMANENT, 1)


@pytest.mark.parametrize("wrapped", [False, True])
def test_what_an_inner_policy_gave_up_on_stays_nested_though_the_outer_calls_it_permanent(
    wrapped: bool,  # noqa: FBT001 - a case
) -> None:
    time, inner = FakeTime(), Failure(ErrorKind.THROTTLED, 3600.0)

    @time.policy(RetryPolicy(classifier=lambda _: None))
    @time.policy(FOUR)
    def call() -> None:
        raise inner

    @time.policy(RetryPolicy(classifier=lambda _: None))
    def call_wrapped() -> None:
        try:
            time.policy(FOUR).call(None, Script(time, inner))
        except Failure as error:
            raise ValueError from error

    with pytest.raises((Failure, ValueError)) as raised:
        (call_wrapped if wrapped else call)()
    info = retry_info(raised.value)
    assert info is not None
    assert (info.reason, info.retry_after) == (StopReason.NESTED, 3600.0)
    assert info.inner is not None
    assert (info.inner.reason, info.inner.attempts, info.inner.inner) == (StopReason.RETRY_AFTER, 1, None)
    assert raised.value.__notes__ == ["gave up after attempt 1: RETRY_AFTER"]


def test_what_no_policy_could_have_changed_gets_no_note() -> None:
    error = Failure(ErrorKind.PERMANENT)
    give_up(error)
    give_up(error)
    assert not hasattr(error, "__notes__")
    assert retry_info(error) is not None


@dataclass(frozen=True)
class Frozen(Exception):
    classification: object = None


def test_an_error_that_takes_no_attributes_carries_the_info_all_the_same() -> None:
    error = Frozen()
    with pytest.raises(FrozenInstanceError):
        error.x = 1  # type: ignore[attr-defined] # as the test says
    policy = RetryPolicy(classifier=lambda _: Failure().classification, max_attempts=1)
    error.__dict__["__notes__"] = "no list"
    with pytest.raises(Frozen):
        policy.call(None, Script(FakeTime(), error))
    info = retry_info(error)
    assert info is not None
    assert info.reason is StopReason.ATTEMPTS
    assert error.__dict__["__notes__"] == "no list"


def test_an_error_no_policy_has_seen_has_no_info() -> None:
    assert retry_info(ValueError()) is None


def test_the_decorator_keeps_name_doc_and_method() -> None:
    class Client:
        @FOUR
        def read(self, number: int) -> int:
            """Reads."""
            return number

    assert (Client.read.__name__, Client.read.__doc__) == ("read", "Reads.")
    assert Client().read(number=3) == 3


def endless() -> Iterator[int]:
    yield 1


async def later() -> int:
    return 1


async def endless_later() -> object:
    yield 1


@pytest.mark.parametrize("fn", [endless, later, endless_later])
def test_what_works_after_it_has_returned_is_not_decorated(fn: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=f"{fn.__name__} does its work after it has returned"):
        FOUR(fn)


@pytest.mark.parametrize(
    "wrong",
    [
        {"classifier": None},
        {"clock": 0.0},
        {"sleep": 1},
        {"uniform": "random"},
        {"on_retry": log_retry},
        {"on_retry": [log_retry]},
        {"on_recovery": ("log",)},
        {"on_giveup": None},
        {"max_attempts": "3"},
        {"max_attempts": 2.0},
        {"budget": 10},
        {"initial_backoff": "0.5"},
        {"throttling_backoff": None},
        {"max_backoff": "4"},
        {"max_pause": None},
        {"min_attempt_time": None},
        {"backoff_multiplier": "2"},
        {"timeout": None},
    ],
)
def test_a_field_of_another_kind_is_refused_by_its_name(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=f"^{next(iter(wrong))} must be"):
        FOUR.with_(**wrong)


@pytest.mark.parametrize(
    ("field", "wrong"), [("kind", "TRANSIENT"), ("retry_after", "5"), ("code", None), ("code", b"x")]
)
def test_a_classification_that_is_none_is_refused_by_its_field(field: str, wrong: object) -> None:
    facts: dict[str, object] = {"kind": ErrorKind.TRANSIENT, field: wrong}
    with pytest.raises(TypeError, match=f"^{field} must be .*, not a {type(wrong).__name__}$"):
        Classification(**facts)  # type: ignore[arg-type] # as the test says


@pytest.mark.parametrize("judged", ["TRANSIENT", ErrorKind.TRANSIENT, True, 0])
def test_a_classifier_that_gives_something_else_is_reported_and_the_error_passes(
    judged: object, caplog: pytest.LogCaptureFixture
) -> None:
    time, error = FakeTime(), Failure()
    policy = time.policy(RetryPolicy(classifier=lambda _: judged))  # type: ignore[arg-type, return-value] # as the test says
    with pytest.raises(Failure) as raised:
        policy.call(None, Script(time, error))
    assert raised.value is error
    info = retry_info(error)
    assert info is not None
    assert (info.reason, info.code) == (StopReason.PERMANENT, "unknown")
    assert [record.getMessage() for record in caplog.records] == ["a classifier gave no classification"]
    assert caplog.records[0].__dict__["error"] == type(judged).__name__


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_attempts": 0},
        {"initial_backoff": -0.1},
        {"throttling_backoff": float("nan")},
        {"max_backoff": -1.0},
        {"max_pause": float("inf")},
        {"min_attempt_time": -1.0},
        {"backoff_multiplier": 0.9},
        {"backoff_multiplier": float("nan")},
        {"backoff_multiplier": float("inf")},
        {"max_backoff": 6.0},
        {"timeout": 0.4},
        {"timeout": float("nan")},
    ],
)
def test_a_policy_that_could_not_work_names_the_field(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} must be"):
        FOUR.with_(**wrong)


def test_limits_themselves_are_allowed() -> None:
    policy = FOUR.with_(max_attempts=1, initial_backoff=0, backoff_multiplier=1, max_backoff=5, timeout=0.5)
    assert policy.with_(timeout=float("inf")).call(None, lambda: 1) == 1


def test_the_defaults_are_those_of_the_documentation() -> None:
    assert repr(RetryPolicy(classifier=classify)).startswith("RetryPolicy(")
    policy = RetryPolicy()
    assert (policy.max_attempts, policy.initial_backoff, policy.throttling_backoff) == (4, 0.5, 1.0)
    assert (policy.backoff_multiplier, policy.max_backoff, policy.max_pause) == (2.0, 4.0, 5.0)
    assert (policy.timeout, policy.min_attempt_time) == (10.0, 0.5)
    assert (policy.repeatable, policy.repeat_unanswered, policy.budget, policy.name) == (False, True, None, "")
    assert (RetryBudget().ratio, RetryBudget().burst) == (0.1, 10)


def test_the_presets_say_what_may_be_repeated() -> None:
    presets = (SLACK_WEBHOOK, AWS_READ, AWS_WRITE)
    assert [preset.name for preset in presets] == ["slack_webhook", "aws_read", "aws_write"]
    assert [(preset.repeatable, preset.repeat_unanswered) for preset in presets] == [
        (True, False),
        (True, True),
        (False, True),
    ]
    assert [preset.initial_backoff for preset in presets] == [0.5, 0.05, 0.05]


def test_the_clock_of_the_deadline_is_the_one_that_counts() -> None:
    time, other = FakeTime(now=1000.0), FakeTime(now=5.0)
    policy = time.policy(FOUR)
    assert policy.call(Deadline.after(10, clock=other.clock), Script(other, Failure(), "done")) == "done"


def test_a_script_tells_what_it_was_given_and_takes_its_time() -> None:
    time = FakeTime()
    script = Script(time, "a", ValueError("b"), takes=0.5)
    assert script(1, x=2) == "a"
    with pytest.raises(ValueError, match="b"):
        script()
    assert (time.clock(), script.calls) == (1.0, [((1,), {"x": 2}), ((), {})])
    assert (longest(1, 2), shortest(1, 2)) == (2, 1)
