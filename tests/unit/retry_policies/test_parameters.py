import math
import time

import pytest

from retry_policies import RetryPolicy
from retry_policies.events import log_retry
from tests.support.steps.failing import FOUR

WRONG_TYPES = [
    {"classifier": None},
    {"clock": 0.0},
    {"sleep": 1},
    {"async_sleep": 1},
    {"async_sleep": time.sleep},
    {"uniform": "random"},
    {"on_retry": "log"},
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
]
WRONG_VALUES = [
    {"max_attempts": 0},
    {"initial_backoff": -0.1},
    {"throttling_backoff": math.nan},
    {"max_backoff": -1.0},
    {"max_pause": math.inf},
    {"min_attempt_time": -1.0},
    {"backoff_multiplier": 0.9},
    {"backoff_multiplier": math.nan},
    {"backoff_multiplier": math.inf},
    {"max_backoff": 6.0},
    {"timeout": 0.4},
    {"timeout": math.nan},
]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [*((wrong, TypeError) for wrong in WRONG_TYPES), *((wrong, ValueError) for wrong in WRONG_VALUES)],
)
def test_a_wrong_field_is_named(wrong: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error, match=f"^{next(iter(wrong))} must be"):
        FOUR.with_(**wrong)  # type: ignore[arg-type] # as the test says


def test_the_limits_themselves_are_allowed() -> None:
    policy = FOUR.with_(max_attempts=1, initial_backoff=0, backoff_multiplier=1, max_backoff=5, timeout=0.5)
    assert policy.with_(timeout=math.inf).call(None, lambda: 1) == 1


def test_the_defaults_are_those_of_the_documentation() -> None:
    policy = RetryPolicy()
    assert repr(policy).startswith("RetryPolicy(")
    assert (policy.max_attempts, policy.initial_backoff, policy.throttling_backoff) == (4, 0.5, 1.0)
    assert (policy.backoff_multiplier, policy.max_backoff, policy.max_pause) == (2.0, 4.0, 5.0)
    assert (policy.timeout, policy.min_attempt_time) == (10.0, 0.5)
    assert (policy.repeatable, policy.repeat_unanswered, policy.budget, policy.name) == (False, True, None, "")
