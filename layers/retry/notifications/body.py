"""The body of a message, read loosely: a value that is missing or of another type reads as nothing."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aws_events.loose_json import dict_of, list_of
from aws_events.record import Record
from aws_events.timestamps import datetime_of, is_timestamp
from aws_events.unwrapping import unwrapped
from notifications.numbers import exact

MILLISECONDS = 10**11
"""A time above this number is in milliseconds: as seconds it would be the year 5138."""


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object of a record, or a text; a path names fields with dots between them, as in `detail.state.name`."""

    record: Record
    value: Mapping[str, object] = field(default_factory=dict)
    """{} if the text is no JSON object."""
    string: str = ""
    """The text without its outer encodings."""

    def at(self, path: str) -> "Body":
        """Return the object at the path; an empty one if there is none."""
        return replace(self, value=dict_of(self._find(path)))

    def inner(self, path: str) -> "Body":
        """Return the object at the path, also if it is JSON in a string."""
        found = self._find(path)
        return replace(self, value=dict_of(unwrapped(found)))

    def text(self, *paths: str) -> str:
        """Return the first text, number or truth value that is not empty; numbers exactly."""
        return next(filter(None, (as_text(self._find(path)) for path in paths)), "")

    def number(self, path: str) -> int | float | None:
        found = self._find(path)
        if not isinstance(found, int | float) or isinstance(found, bool) or not math.isfinite(found):
            return None
        return found

    def texts(self, path: str) -> tuple[str, ...]:
        """Return the texts of a list, or the text itself as the only one."""
        found = self._find(path)
        return tuple(filter(None, map(as_text, list_of(found) or [found])))

    def items(self, path: str) -> tuple["Body", ...]:
        """Return the objects of a list."""
        return tuple(replace(self, value=one) for one in list_of(self._find(path)) if isinstance(one, dict))

    def time(self, *paths: str) -> datetime | None:
        """Return the first time: RFC 3339, or seconds or milliseconds since the epoch."""
        return next((found for path in paths if (found := _time(self._find(path)))), None)

    def has(self, path: str) -> bool:
        """Return whether there is a value other than null."""
        return self._find(path) is not None

    def _find(self, path: str) -> object:
        found: object = self.value
        for name in path.split("."):
            found = (
                found[int(name)]
                if name.isdigit() and isinstance(found, list) and int(name) < len(found)
                else (dict_of(found).get(name))
            )
        return found


def read_body(record: Record) -> Body:
    """Return the body of a record without its outer encodings."""
    return _body(record, unwrapped(record.text), record.text)


def read_bodies(record: Record) -> tuple[Body, ...]:
    """Return the bodies of an array of objects, as EventBridge Pipes sends them; else the body of the record."""
    value = unwrapped(record.text)
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return tuple(_body(record, unwrapped(one), as_text(one) or json.dumps(one or {})) for one in value)
    return (_body(record, value, record.text),)


def _body(record: Record, value: object, text: str) -> Body:
    return Body(record, dict_of(value), value if isinstance(value, str) else text)


def as_text(value: object) -> str:
    """Return a text, an exact number or a truth value; "" for anything else."""
    match value:
        case str():
            return value.strip()
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return exact(value) if math.isfinite(value) else ""
        case _:
            return ""


def _time(value: object) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > MILLISECONDS else value
        return datetime.fromtimestamp(seconds, UTC) if is_timestamp(seconds) else None
    return datetime_of(value)


def flatten(value: object, name: str = "", depth: int = 8) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of each value that is not empty; deeper levels than `depth` are omitted."""
    if depth == 0:
        return
    if isinstance(value, dict):
        for key, one in value.items():
            yield from flatten(one, f"{name}.{key}" if name else str(key), depth - 1)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from flatten(one, f"{name}.{number}" if name else str(number), depth - 1)
    elif text := as_text(value):
        yield name, text
