"""A small project that uses the wheel. mypy and pyright must see the types of the package."""

from typing import assert_type

from retry_policies import Deadline, RetryInfo, RetryPolicy, retry_info
from retry_policies.presets import AWS_READ


def read(name: str) -> bytes:
    return name.encode()


def calls(error: Exception) -> None:
    assert_type(RetryPolicy(name="mine").call(Deadline.after(5), read, "n"), bytes)
    assert_type(AWS_READ.with_(max_attempts=2)(read)("n"), bytes)
    assert_type(retry_info(error), RetryInfo | None)
    AWS_READ.with_(max_atempts=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    AWS_READ.call(None, read, 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
