"""What an error wraps, and where its classes come from: enough to judge it without importing its library."""

from collections.abc import Callable, Iterable, Iterator, Mapping

LONGEST = 100
"""Links looked at. The libraries tie three; no error may make us look for long."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, each once, however they are tied together."""
    return linked(error, _wrapped)


def linked(error: BaseException, ties: Callable[[BaseException], Iterable[object]]) -> Iterator[BaseException]:
    """The error and all that these ties lead to, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting and len(seen) < LONGEST:
        link = waiting.pop()
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += ties(link)


def _wrapped(link: BaseException) -> list[object]:
    """urllib3 wraps in arguments and `reason`, botocore in `kwargs["error"]`, Python in `__cause__`."""
    kwargs = link.__dict__.get("kwargs")
    wrapped = kwargs.get("error") if isinstance(kwargs, Mapping) else None
    return [*link.args[:LONGEST], link.__dict__.get("reason"), wrapped, link.__cause__]


def class_names(error: BaseException, packages: frozenset[str]) -> set[str]:
    """The names of the error's classes, base classes included, as far as they come from these packages."""
    return {cls.__name__ for cls in type(error).__mro__ if str(cls.__module__).partition(".")[0] in packages}
