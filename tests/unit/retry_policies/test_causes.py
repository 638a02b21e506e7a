import time

import pytest
import requests

from retry_policies.causes import MAX_ERRORS, causes, class_names


def test_a_long_chain_ends_in_bounded_time() -> None:
    error: BaseException = ConnectionRefusedError()
    for _ in range(10_000):
        error, inner = requests.ConnectionError(error, *range(100)), error
        error.__cause__ = inner
    started = time.thread_time()
    assert len(list(causes(error))) == MAX_ERRORS
    assert time.thread_time() - started < 0.5
    while error.__cause__ is not None:  # freed link by link: all at once would be too deep
        error, outer = error.__cause__, error
        outer.__cause__ = None
        outer.args = ()


def test_a_circle_is_walked_once() -> None:
    first, second = ValueError(), KeyError()
    first.args, second.__cause__ = (second,), first
    assert list(causes(first)) == [first, second]


@pytest.mark.parametrize("module", ["requests.exceptions", "requests", "requestsx", None])
def test_classes_count_only_from_the_packages(module: str | None) -> None:
    found = class_names(type("Strange", (Exception,), {"__module__": module})(), frozenset({"requests"}))
    assert found == ({"Strange"} if module in {"requests", "requests.exceptions"} else set())
