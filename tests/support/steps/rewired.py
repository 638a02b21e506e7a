"""Copies of wired steps with other clocks, clients and stores, however deep these stand in them."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, partial
from operator import is_
from types import MethodType
from typing import Any

CACHED = type(cache(int))


def rewired[T](steps: T, *changes: tuple[object, object], kinds: Mapping[type, object] | None = None) -> T:
    """Return a copy in which each pair's first object, such as time.sleep, is its second one.

    An object of one of these kinds becomes the kind's object. An object that stands in two places stays one object.
    A cached function without arguments becomes one that returns a copy of its result. Objects of the tests stay as they
    are: a virtual service refers to the whole history.
    """
    found: T = _Rewiring({id(old): new for old, new in changes}, kinds or {}).of(steps)
    return found


@dataclass
class _Rewiring:
    changes: Mapping[int, object]
    kinds: Mapping[type, object]
    done: dict[int, Any] = field(default_factory=dict)

    def of(self, one: Any) -> Any:  # noqa: ANN401 - any object
        if id(one) in self.changes:
            return self.changes[id(one)]
        if id(one) not in self.done:
            self.done[id(one)] = self._copied(one)
        return self.done[id(one)]

    def _copied(self, one: Any) -> Any:  # noqa: ANN401 - any object
        if type(one) in self.kinds:
            return self.kinds[type(one)]
        if isinstance(one, MethodType):
            return getattr(self.of(one.__self__), one.__name__)
        if isinstance(one, CACHED):
            made = self.of(one())
            return lambda: made
        if isinstance(one, partial):
            return partial(self.of(one.func), *map(self.of, one.args))
        if type(one) in {tuple, list}:
            new = list(map(self.of, one))
            return one if all(map(is_, new, one)) else type(one)(new)
        if is_dataclass(one) and not isinstance(one, type) and not type(one).__module__.startswith("tests."):
            return self._with_fields(one)
        return one

    def _with_fields(self, one: Any) -> Any:  # noqa: ANN401 - a dataclass
        old: dict[str, Any] = {each.name: getattr(one, each.name) for each in fields(one)}
        new = {name: self.of(value) for name, value in old.items()}
        if all(map(is_, new.values(), old.values())):
            return one
        made = copy.copy(one)
        for name, value in new.items():
            object.__setattr__(made, name, value)
        return made
