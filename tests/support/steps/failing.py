"""Errors with a classification of their own, and a record of one call under a policy."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from botocore.exceptions import ClientError
from hypothesis import strategies as st

from retry_policies import Classification, ErrorKind, RetryInfo, RetryPolicy, retry_info
from retry_policies.testing import FakeTime
from tests.support.steps.callers import Caller, called


class Failure(Exception):
    def __init__(self, kind: ErrorKind = ErrorKind.TRANSIENT, retry_after: float | None = None, **facts: bool) -> None:
        super().__init__(kind.value)
        self.classification = Classification(kind, retry_after, "scripted", **facts)

    @property
    def kind(self) -> ErrorKind:
        return self.classification.kind

    @property
    def retry_after(self) -> float:
        return self.classification.retry_after or 0.0


def classify(error: BaseException) -> Classification | None:
    return error.classification if isinstance(error, Failure) else None


FOUR = RetryPolicy(classifier=classify, name="four")


def with_response(**attributes: object) -> Exception:
    """Return an error with a response, as requests, slack_sdk and others raise it."""
    error = Exception()
    error.response = SimpleNamespace(**attributes)  # type: ignore[attr-defined] # as libraries do
    return error


def client_error(code: object, status: object = 400, headers: object = None, **more: object) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}
    return ClientError({"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": metadata, **more}, "Call")  # type: ignore[typeddict-item] # as AWS might


def info_of(error: BaseException) -> RetryInfo:
    info = retry_info(error)
    assert info is not None
    return info


@dataclass
class Run:
    """One call under a policy."""

    starts: list[float] = field(default_factory=list)
    """Of the attempts, in seconds since the call."""
    pauses: list[float] = field(default_factory=list)
    raised: list[BaseException] = field(default_factory=list)
    """The errors of the attempts."""
    result: object = None
    error: BaseException | None = None

    @property
    def attempts(self) -> int:
        return len(self.starts)

    @property
    def info(self) -> RetryInfo:
        assert self.error is not None
        return info_of(self.error)


@dataclass(frozen=True)
class Scenario:
    """Attempts as (seconds, what each raises or returns); a ValueError is returned."""

    outcomes: Sequence[tuple[float, object]]
    seed: int = 0
    seconds: float = 30.0
    """From the start to the deadline."""

    def run(self, policy: RetryPolicy, caller: Caller = called) -> Run:
        time = FakeTime()
        run = Run(pauses=time.slept)
        steps = iter(self.outcomes)

        def attempt() -> object:
            run.starts.append(time.now)
            takes, outcome = next(steps)
            time.now += takes
            if isinstance(outcome, BaseException) and not isinstance(outcome, ValueError):
                run.raised.append(outcome)
                raise outcome
            return outcome

        uniform = random.Random(self.seed).uniform  # noqa: S311 - jitter, not a secret
        try:
            run.result = caller(time.policy(policy, uniform=uniform), time.deadline(self.seconds), attempt)
        except BaseException as error:  # noqa: BLE001 - recorded
            run.error = error
        return run


kinds = st.sampled_from([ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT])
transient = st.builds(
    Failure,
    st.sampled_from([ErrorKind.TRANSIENT, ErrorKind.THROTTLED]),
    st.none() | st.floats(0, 8) | st.sampled_from([0.0, 4.99, 5.0, 60.0, 3600.0]),
)
failures = transient | st.builds(Failure, kinds, st.none() | st.floats(0, 8))
durations = st.floats(0, 12) | st.sampled_from([0.0, 0.1])


def scenarios(outcomes: st.SearchStrategy[object] = failures) -> st.SearchStrategy[Scenario]:
    """Return up to nine outcomes, followed by successes."""
    steps = st.lists(st.tuples(durations, outcomes), max_size=9).map(lambda some: [*some, *[(0.1, "done")] * 9])
    return st.builds(Scenario, steps, st.integers(), st.floats(0.5, 40))


policies = st.builds(
    RetryPolicy,
    classifier=st.just(classify),
    max_attempts=st.integers(1, 8),
    initial_backoff=st.floats(0, 3),
    throttling_backoff=st.floats(0, 3),
    backoff_multiplier=st.floats(1, 4),
    max_backoff=st.floats(0, 5),
    max_pause=st.floats(5, 9),
    min_attempt_time=st.floats(0, 0.5),
    repeatable=st.booleans(),
    repeat_unanswered=st.booleans(),
)
