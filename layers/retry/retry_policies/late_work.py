"""Functions that do their work after they have returned: a policy would see no failure of theirs."""

import functools
import inspect
from types import MethodType, WrapperDescriptorType

WRAPPERS = (staticmethod, functools._lru_cache_wrapper)  # noqa: SLF001 - the class has no other name
"""Classes whose instances do nothing but call what they wrap."""


def late_function(fn: object) -> object | None:
    """Return the coroutine function or generator function behind a callable, else None."""
    if isinstance(fn, functools.partial | functools.partialmethod):
        return late_function(fn.func)
    if isinstance(fn, MethodType):
        return late_function(fn.__func__)
    if isinstance(fn, WRAPPERS):
        return late_function(fn.__wrapped__)
    if inspect.iscoroutinefunction(fn) or inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
        return fn
    call = None if inspect.isfunction(fn) else inspect.getattr_static(type(fn), "__call__", None)
    return None if call is None or isinstance(call, WrapperDescriptorType) else late_function(call)


def name_of(fn: object) -> str:
    """Return the name of a function without its arguments, which may be secret."""
    name = getattr(fn, "__qualname__", None)
    return name if isinstance(name, str) else type(fn).__qualname__
