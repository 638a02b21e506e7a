"""The fields of a policy as keyword arguments, so that a type checker finds a wrong name or type in `with_()`."""

from collections.abc import Awaitable, Callable
from typing import TypedDict

from retry_policies.backoff import Uniform
from retry_policies.budget import RetryBudget
from retry_policies.classification import Classifier
from retry_policies.deadline import Clock
from retry_policies.events import GiveUpEvent, Hooks, RecoveryEvent, RetryEvent


class PolicyChanges(TypedDict, total=False):
    """The same fields as PolicyParameters."""

    classifier: Classifier
    max_attempts: int
    initial_backoff: float
    throttling_backoff: float
    backoff_multiplier: float
    max_backoff: float
    max_pause: float
    timeout: float
    min_attempt_time: float
    repeatable: bool
    repeat_unanswered: bool
    budget: RetryBudget | None
    name: str
    on_retry: Hooks[RetryEvent]
    on_recovery: Hooks[RecoveryEvent]
    on_giveup: Hooks[GiveUpEvent]
    clock: Clock
    sleep: Callable[[float], None]
    async_sleep: Callable[[float], Awaitable[None]] | None
    uniform: Uniform
