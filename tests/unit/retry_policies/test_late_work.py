import asyncio
import functools
import inspect
import re
from collections.abc import AsyncIterator, Callable, Iterator
from types import MethodType
from unittest.mock import AsyncMock, Mock

import pytest

from retry_policies import RetryPolicy
from retry_policies.late_work import late_function, name_of
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import FOUR, Failure


def generator() -> Iterator[int]:
    yield 1


async def coroutine(*_: object) -> int:
    return 1


async def async_generator() -> AsyncIterator[int]:
    yield 1


class Asynchronous:
    async def __call__(self) -> int:
        return 1

    async def method(self) -> int:
        return 1

    def generate(self) -> Iterator[int]:
        yield 1

    @staticmethod
    async def static() -> int:
        return 1

    @classmethod
    async def of_class(cls) -> int:
        return 1


class Inheriting(Asynchronous): ...


class Generating:
    def __call__(self) -> Iterator[int]:
        yield 1


class Bound:
    __call__ = functools.partialmethod(coroutine)


class BoundObject:
    __call__ = functools.partialmethod(Asynchronous())


class Static:
    __call__ = staticmethod(coroutine)


class Nested:
    __call__ = Asynchronous()


class Meta(type):
    async def __call__(cls) -> int:
        return 1


class Made(metaclass=Meta): ...


def partial(fn: Callable[..., object], depth: int) -> Callable[..., object]:
    for _ in range(depth):
        fn = functools.partial(fn)
    return fn


ASYNCHRONOUS = Asynchronous()
COROUTINES: list[tuple[Callable[..., object], str]] = [
    (coroutine, "coroutine"),
    (ASYNCHRONOUS, "Asynchronous.__call__"),
    (Inheriting(), "Asynchronous.__call__"),
    (Bound(), "coroutine"),
    (BoundObject(), "Asynchronous.__call__"),
    (Static(), "coroutine"),
    (Nested(), "Asynchronous.__call__"),
    (Made, "Meta.__call__"),
    (ASYNCHRONOUS.method, "Asynchronous.method"),
    (Asynchronous.static, "Asynchronous.static"),
    (Asynchronous.of_class, "Asynchronous.of_class"),
    (staticmethod(coroutine), "coroutine"),
    (functools.cache(coroutine), "coroutine"),
    (MethodType(ASYNCHRONOUS, 1), "Asynchronous.__call__"),
    (AsyncMock(return_value=1), "AsyncMock"),
    *((partial(coroutine, depth), "coroutine") for depth in (1, 2, 5)),
    *((partial(ASYNCHRONOUS.method, depth), "Asynchronous.method") for depth in (1, 2, 5)),
    *((partial(ASYNCHRONOUS, depth), "Asynchronous.__call__") for depth in (1, 2, 5)),
]
GENERATORS: list[tuple[Callable[..., object], str]] = [
    (generator, "generator"),
    (async_generator, "async_generator"),
    (Generating(), "Generating.__call__"),
    (ASYNCHRONOUS.generate, "Asynchronous.generate"),
    (partial(functools.cache(partial(generator, 1)), 1), "generator"),
]


@pytest.mark.parametrize(("fn", "name"), GENERATORS)
def test_a_function_that_works_after_it_has_returned_is_not_decorated(fn: Callable[..., object], name: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(name)} does its work after it has returned"):
        FOUR(fn)


@pytest.mark.parametrize(("fn", "name"), COROUTINES)
def test_the_function_behind_an_asynchronous_callable_is_found(fn: Callable[..., object], name: str) -> None:
    found = late_function(fn)
    assert inspect.iscoroutinefunction(found)
    assert name_of(found) == name


@pytest.mark.parametrize(
    ("fn", "name"),
    [
        (coroutine, "coroutine"),
        (ASYNCHRONOUS.method, "Asynchronous.method"),
        (partial(ASYNCHRONOUS, 1), "partial"),
        (AsyncMock(), "AsyncMock"),
    ],
)
def test_a_synchronous_call_of_an_asynchronous_function_is_refused(fn: Callable[..., object], name: str) -> None:
    with pytest.raises(TypeError, match=rf"^{name} is asynchronous: use `await policy\.call_async"):
        FOUR.call(None, fn)


def test_an_object_that_cannot_be_called_has_no_late_function() -> None:
    assert late_function(5) is None


def test_the_message_shows_no_argument() -> None:
    with pytest.raises(TypeError) as raised:
        FOUR(functools.partial(generator, "https://secret"))  # type: ignore[call-arg] # never called
    assert "secret" not in str(raised.value)


class Synchronous:
    __slots__ = ("script",)

    def __init__(self, script: Script) -> None:
        self.script = script

    def __call__(self) -> object:
        return self.script()


class Computed:
    def __init__(self, script: Script) -> None:
        self.script = script

    __call__ = property(lambda self: self.script)


def plain(script: Script) -> object:
    return script()


def runs_a_coroutine(script: Script) -> object:
    async def run() -> object:
        return script()

    return asyncio.run(run())


def wraps_a_coroutine_function(script: Script) -> Callable[[], object]:
    @functools.wraps(coroutine)
    def call() -> object:
        return script()

    return call


@pytest.mark.parametrize(
    "make",
    [
        Synchronous,
        Computed,
        lambda script: functools.partial(plain, script),
        lambda script: functools.partial(functools.partial(Synchronous(script))),
        lambda script: Synchronous(script).__call__,
        lambda script: functools.partial(runs_a_coroutine, script),
        wraps_a_coroutine_function,
        lambda script: Mock(side_effect=script),
    ],
)
def test_any_other_callable_is_decorated(make: Callable[[Script], Callable[[], object]]) -> None:
    time = FakeTime()
    script = Script(time, Failure(), "done")
    assert time.policy(FOUR)(make(script))() == "done"
    assert len(script.calls) == 2


@pytest.mark.parametrize("builtin", [len, dict, "x".join])
def test_a_function_of_the_interpreter_is_decorated(builtin: Callable[..., object]) -> None:
    assert FOUR(builtin)(["a"] if builtin is not dict else {}) == builtin(["a"] if builtin is not dict else {})


@pytest.mark.parametrize("name", ["classifier", "clock", "sleep", "uniform"])
@pytest.mark.parametrize("fn", [asyncio.sleep, functools.partial(coroutine), ASYNCHRONOUS])
def test_a_policy_takes_no_function_that_works_after_it_has_returned(name: str, fn: object) -> None:
    with pytest.raises(TypeError, match=f"^{name} must do its work before it returns, which \\S+ does not$"):
        RetryPolicy(**{name: fn})  # type: ignore[arg-type] # as the test says


@pytest.mark.parametrize("name", ["on_retry", "on_recovery", "on_giveup"])
def test_a_hook_works_before_it_returns(name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} must do its work before it returns, which coroutine does not$"):
        RetryPolicy(**{name: (print, coroutine)})  # type: ignore[arg-type] # as the test says
