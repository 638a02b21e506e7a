"""Cases for mypy and pyright, which are never run: a policy keeps the signature of the function.

A line that must be an error has an ignore for each; both report unneeded ignores.
"""

from collections.abc import Callable
from typing import assert_type

from retry_policies import Deadline, GiveUpEvent, RetryEvent, RetryPolicy
from retry_policies.events import hooks_of
from retry_policies.presets import SLACK_WEBHOOK


def post(url: str, /, text: str, *, timeout: float = 1.0) -> int:
    return len(url) + len(text) + int(timeout)


class Client:
    @SLACK_WEBHOOK
    def read(self, name: str) -> bytes:
        return name.encode()


def calls(policy: RetryPolicy, deadline: Deadline) -> None:
    assert_type(policy.call(deadline, post, "u", "t"), int)
    assert_type(policy.call(None, post, "u", text="t", timeout=2.0), int)
    policy.call(deadline, post, "u")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    policy.call(deadline, post, 1, "t")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    policy.call(deadline, post, "u", "t", retries=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    policy.call(post, deadline)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]


def decorated(policy: RetryPolicy) -> None:
    wrapped = policy(post)
    assert_type(wrapped("u", "t", timeout=2.0), int)
    wrapped("u", text=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wrapped(url="u", text="t")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def methods(client: Client) -> None:
    assert_type(client.read("n"), bytes)
    client.read(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.read()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def fetch(url: str, *, times: int = 1) -> bytes:
    return url.encode() * times


async def asynchronous(policy: RetryPolicy, deadline: Deadline) -> None:
    assert_type(await policy.call_async(deadline, fetch, "u", times=2), bytes)
    assert_type(await policy(fetch)("u"), bytes)
    await policy.call_async(deadline, fetch, 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await policy.call_async(deadline, fetch)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await policy.call_async(deadline, post, "u", "t")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await policy(fetch)(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def copies(policy: RetryPolicy) -> None:
    assert_type(policy.with_(max_attempts=2), RetryPolicy)
    policy.with_(max_atempts=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    policy.with_(timeout="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def hooks(
    policy: RetryPolicy, on_retry: Callable[[RetryEvent], None], on_giveup: Callable[[GiveUpEvent], None]
) -> None:
    policy.with_(on_retry=on_retry, on_giveup=(on_giveup, on_giveup))
    policy.with_(on_retry=(*hooks_of(policy.on_retry), on_retry))
    policy.with_(on_retry=on_giveup)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
