"""What a success leaves behind: nothing. (What it costs is measured by `make bench ONLY=policy`.)"""

import gc
import subprocess
import sys
import weakref
from contextlib import suppress
from typing import ClassVar

import pytest

from retry_policies import Deadline, ErrorKind, RetryBudget, RetryPolicy
from retry_policies.testing import FakeTime
from tests.support.steps.failing import Failure, classify


class ForbiddenLock:
    def __enter__(self) -> None:
        raise AssertionError("a lock was taken")

    def __exit__(self, *_: object) -> None:
        pass


def succeed() -> int:
    return 1


def test_a_success_leaves_no_memory_behind() -> None:
    policy, deadline = RetryPolicy(budget=RetryBudget()), Deadline.after(3600)
    for _ in range(1000):
        policy.call(deadline, succeed)
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        for _ in range(10_000):
            policy.call(deadline, succeed)
        assert sys.getallocatedblocks() - before < 1000  # one block a call would be ten times that
        assert gc.collect() < 1000
    finally:
        gc.enable()


def test_a_success_with_a_full_budget_takes_no_lock() -> None:
    budget = RetryBudget()
    budget._lock = ForbiddenLock()  # type: ignore[assignment] # noqa: SLF001 - what is not to be touched
    assert RetryPolicy(budget=budget).call(None, succeed) == 1
    with pytest.raises(AssertionError, match="a lock was taken"):
        budget.take()


def test_a_success_asks_nobody_but_the_clock() -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError

    time = FakeTime()
    hooks = {"on_retry": (forbidden,), "on_recovery": (forbidden,), "on_giveup": (forbidden,)}
    policy = RetryPolicy(clock=time.clock, sleep=forbidden, uniform=forbidden, classifier=forbidden, **hooks)  # type: ignore[arg-type] # they would raise
    assert policy.call(None, succeed) == 1


class Watched(Failure):
    seen: ClassVar[list[weakref.ref[Failure]]] = []

    def __init__(self, kind: ErrorKind) -> None:
        super().__init__(kind)
        self.seen.append(weakref.ref(self))


@pytest.mark.parametrize("last", [ErrorKind.TRANSIENT, ErrorKind.PERMANENT, None])
def test_no_error_outlives_its_call_in_a_reference_cycle(last: ErrorKind | None) -> None:
    policy = FakeTime().policy(RetryPolicy(classifier=classify, max_attempts=3))
    kinds = [ErrorKind.TRANSIENT, ErrorKind.TRANSIENT, last]

    def attempt() -> None:
        if (kind := kinds.pop(0)) is not None:
            raise Watched(kind)

    Watched.seen.clear()
    gc.collect()
    gc.disable()
    try:
        with suppress(Failure):
            policy.call(None, attempt)
        assert [error() for error in Watched.seen] == [None] * (2 if last is None else 3)
    finally:
        gc.enable()


def test_the_layer_is_imported_without_requests_and_boto3() -> None:
    heavy = ("requests", "urllib3", "boto3", "botocore", "aws_lambda_powertools", "asyncio")
    code = f"""
import sys
import retry_policies.presets, retry_policies.slack_api, retry_policies.batch_calls, retry_policies.testing
from retry_policies.presets import AWS_READ, SLACK_WEBHOOK
AWS_READ.classifier(OSError()), SLACK_WEBHOOK.classifier(OSError())
sys.exit(",".join(name for name in {heavy} if name in sys.modules) or None)
"""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
