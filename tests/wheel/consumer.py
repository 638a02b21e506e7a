"""A small project that uses the wheel. mypy and pyright must see the types of the package."""

from typing import assert_type

from retry_policies import Classification, Deadline, ErrorKind, RetryEvent, RetryInfo, RetryPolicy, first_of, retry_info
from retry_policies.http import classify_http
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime, Script


def read(name: str) -> bytes:
    return name.encode()


def calls(error: Exception) -> None:
    assert_type(RetryPolicy(name="mine").call(Deadline.after(5), read, "n"), bytes)
    assert_type(AWS_READ.with_(max_attempts=2)(read)("n"), bytes)
    assert_type(retry_info(error), RetryInfo | None)
    AWS_READ.with_(max_atempts=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    AWS_READ.call(None, read, 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def fetch(name: str) -> bytes:
    return name.encode()


async def asynchronous_calls() -> None:
    assert_type(await AWS_READ.call_async(Deadline.after(5), fetch, "n"), bytes)
    assert_type(await AWS_READ(fetch)("n"), bytes)
    await AWS_READ.call_async(None, read, "n")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def classify(error: BaseException) -> Classification | None:
    return Classification(ErrorKind.TRANSIENT) if isinstance(error, KeyError) else None


def count(event: RetryEvent) -> None:
    assert_type(event.wait, float)


def parts(time: FakeTime) -> None:
    policy = RetryPolicy(classifier=first_of(classify, classify_http), on_retry=count)
    assert_type(time.policy(policy).call(time.deadline(5), Script(time, "done")), object)
    policy.with_(on_retry=classify)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
