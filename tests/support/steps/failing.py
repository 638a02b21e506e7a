"""Errors that say themselves what they are, and one call under a policy with everything it did written down."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from retry_policies import Classification, ErrorKind, RetryPolicy
from retry_policies.testing import FakeTime


class Failure(Exception):
    def __init__(self, kind: ErrorKind = ErrorKind.TRANSIENT, retry_after: float | None = None, **facts: bool) -> None:
        super().__init__(kind.value)
        self.classification = Classification(kind, retry_after, "scripted", **facts)

    @property
    def kind(self) -> ErrorKind:
        return self.classification.kind

    @property
    def asked(self) -> float:
        return self.classification.retry_after or 0.0


def classify(error: BaseException) -> Classification | None:
    return error.classification if isinstance(error, Failure) else None


@dataclass
class Played:
    """What one call did: when its attempts started, what it slept, what came of it."""

    seconds: float
    """From the start to the deadline."""
    starts: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    raised: list[BaseException] = field(default_factory=list)
    """By each attempt that failed."""
    result: object = None
    error: BaseException | None = None

    @property
    def attempts(self) -> int:
        return len(self.starts)


@dataclass(frozen=True)
class Script:
    """(seconds an attempt takes, what it raises or returns), and the dice."""

    outcomes: Sequence[tuple[float, object]]
    seed: int = 0
    seconds: float = 30.0

    def play(self, policy: RetryPolicy) -> Played:
        time = FakeTime()
        played = Played(self.seconds, pauses=time.slept)
        steps = iter(self.outcomes)

        def attempt() -> object:
            played.starts.append(time.now)
            takes, outcome = next(steps)
            time.now += takes
            if isinstance(outcome, Failure | KeyboardInterrupt | SystemExit | GeneratorExit | TypeError):
                played.raised.append(outcome)
                raise outcome
            return outcome

        dice = random.Random(self.seed).uniform  # noqa: S311 - a test's dice
        timed = time.policy(policy, uniform=dice)
        try:
            played.result = timed.call(time.deadline(self.seconds), attempt)
        except BaseException as error:  # noqa: BLE001 - what is raised is what is looked at
            played.error = error
        return played


kinds = st.sampled_from([ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT])
passing = st.builds(
    Failure,
    st.sampled_from([ErrorKind.TRANSIENT, ErrorKind.THROTTLED]),
    st.none() | st.floats(0, 8) | st.sampled_from([0.0, 4.99, 5.0, 60.0, 3600.0]),
)
failures = passing | st.builds(Failure, kinds, st.none() | st.floats(0, 8))
durations = st.floats(0, 12) | st.sampled_from([0.0, 0.1])


def scripts(outcomes: st.SearchStrategy[object] = failures) -> st.SearchStrategy[Script]:
    """Up to nine outcomes, then success for ever."""
    steps = st.lists(st.tuples(durations, outcomes), max_size=9).map(lambda some: [*some, *[(0.1, "done")] * 9])
    return st.builds(Script, steps, st.integers(), st.floats(0.5, 40))


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
