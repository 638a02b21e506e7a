import time

import pytest
import requests

from retry_policies.causes import MAX_ERRORS, causes, class_names, local_variable, raised_through


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


class Caller:
    def call(self, number: int) -> None:
        fail(number + 1)


def fail(number: int) -> None:
    raise ValueError(number)


def test_a_traceback_has_its_functions_and_their_variables() -> None:
    with pytest.raises(ValueError, match="2") as raised:
        Caller().call(1)
    called, failed = f"{__name__}.Caller.call", f"{__name__}.fail"
    assert raised_through(raised.value)[-2:] == [called, failed]
    assert [local_variable(raised.value, function, "number") for function in (called, failed)] == [1, 2]
    assert local_variable(raised.value, failed, "other") is None
    assert local_variable(raised.value, "elsewhere.fail", "number") is None


def test_an_error_that_was_not_raised_has_no_traceback() -> None:
    assert raised_through(ValueError()) == []
    assert local_variable(ValueError(), "any", "number") is None
