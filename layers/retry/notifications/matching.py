"""Matchers, which recognise a kind of event. `make kinds` prints the words that str() gives for each."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from notifications.body import Body


class Matcher(Protocol):
    """A test of a body."""

    def __call__(self, body: Body) -> bool: ...


@dataclass(frozen=True, slots=True)
class EventBridge:
    """An EventBridge event of this source, with one of these detail-types; `*` in one is any text."""

    source: str
    detail_types: tuple[str, ...]

    def __call__(self, body: Body) -> bool:
        detail_type = body.text("detail-type", "detailType")
        return body.text("source") == self.source and any(fnmatchcase(detail_type, one) for one in self.detail_types)

    def __str__(self) -> str:
        return f"{self.source}: {', '.join(self.detail_types)}"


def event(source: str, *detail_types: str) -> EventBridge:
    """Return the matcher of EventBridge events; without detail-types it accepts each of the source."""
    return EventBridge(source, detail_types or ("*",))


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object with a value at each of these paths; `path=text` compares it."""

    paths: tuple[str, ...]

    def __call__(self, body: Body) -> bool:
        return all(self._fits(body, *path.partition("=")) for path in self.paths)

    def __str__(self) -> str:
        return "fields " + ", ".join(self.paths)

    @staticmethod
    def _fits(body: Body, path: str, equals: str, text: str) -> bool:
        return body.text(path) == text if equals else body.has(path)


def fields(*paths: str) -> Fields:
    return Fields(paths)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that this pattern matches at its beginning."""

    pattern: re.Pattern[str]

    def __call__(self, body: Body) -> bool:
        return not body.value and self.pattern.match(body.string) is not None

    def __str__(self) -> str:
        return f"text {self.pattern.pattern}"


def text(pattern: str) -> Text:
    return Text(re.compile(pattern))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A JSON object with a value at one of these paths."""

    paths: tuple[str, ...]

    def __call__(self, body: Body) -> bool:
        return any(map(body.has, self.paths))

    def __str__(self) -> str:
        return "one of the fields " + ", ".join(self.paths)


def any_of(*paths: str) -> AnyOf:
    return AnyOf(paths)


@dataclass(frozen=True, slots=True)
class FirstKey:
    """A JSON object whose first key begins with this prefix."""

    prefix: str

    def __call__(self, body: Body) -> bool:
        return next(iter(body.value), "").startswith(self.prefix)

    def __str__(self) -> str:
        return f"a key that begins with {self.prefix}"


def first_key(prefix: str) -> FirstKey:
    return FirstKey(prefix)
