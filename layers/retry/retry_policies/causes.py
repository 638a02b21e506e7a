"""The chain, the classes and the traceback of an error: enough to classify it without importing its library."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FrameType

MAX_ERRORS = 100
"""Bounds the time for any chain. Those of the libraries have three errors."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and all errors that it wraps, each once."""
    return linked(error, _wrapped)


def linked(error: BaseException, links: Callable[[BaseException], Iterable[object]]) -> Iterator[BaseException]:
    """Yield the error and all errors that the links lead to, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting and len(seen) < MAX_ERRORS:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += links(found)


def _wrapped(error: BaseException) -> list[object]:
    """Return the links of urllib3 (arguments and `reason`), botocore (`kwargs["error"]`) and Python (`__cause__`)."""
    kwargs = error.__dict__.get("kwargs")
    wrapped = kwargs.get("error") if isinstance(kwargs, Mapping) else None
    return [*error.args[:MAX_ERRORS], error.__dict__.get("reason"), wrapped, error.__cause__]


def class_names(error: BaseException, packages: frozenset[str]) -> set[str]:
    """Return the names of the error's class and base classes that come from these packages."""
    return {cls.__name__ for cls in type(error).__mro__ if str(cls.__module__).partition(".")[0] in packages}


def raised_through(error: BaseException) -> list[str]:
    """Return module and name of each function in the error's traceback, the outermost first."""
    return [name for name, _ in _frames(error)]


def local_variable(error: BaseException, function: str, name: str) -> object:
    """Return a local variable of a function in the error's traceback, or None."""
    return next((frame.f_locals.get(name) for found, frame in _frames(error) if found == function), None)


def _frames(error: BaseException) -> Iterator[tuple[str, FrameType]]:
    """Yield module and name of each function in the error's traceback, and its frame."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        yield f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}", frame
