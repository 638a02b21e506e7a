"""JSON that must be as documented: an unknown field, a wrong type, a name twice are refused by the field's name."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

type Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None

SHOWN = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""Names of fields that an error may show: others could be anything, a pasted secret too."""
DEPTH_LIMIT = 80
"""DynamoDB's items are nested 32 deep, each level twice; some more for what stands around one."""
DIGITS_LIMIT = 20
"""More than any count or time has, and than AWS's integers hold."""


class Invalid(ValueError):
    """A document or a message that cannot be used; the message names the field and the rule, never a value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


def load(text: str, name: str, limit: int) -> Json:
    """The value of a document of that name and at most so many bytes; raises Invalid."""
    try:
        value: Json = json.loads(
            _bounded(text, name, limit),
            object_pairs_hook=lambda pairs: _once(name, pairs),
            parse_int=lambda digits: _integer(name, digits),
            parse_float=lambda digits: _finite(name, digits),
            parse_constant=lambda digits: _finite(name, digits),
        )
        _check(value, name, DEPTH_LIMIT)
    except Invalid:
        raise
    except UnicodeEncodeError:
        problem = "must be Unicode text"
    except json.JSONDecodeError as error:
        problem = f"must be JSON (line {error.lineno}, column {error.colno})"
    except RecursionError:
        problem = "nested too deep"
    else:
        return value
    raise Invalid(name, problem)


def _bounded(text: str, name: str, limit: int) -> str:
    if len(text.encode()) > limit:
        raise Invalid(name, f"must be at most {limit} bytes")
    return text


def _once(name: str, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """JSON lets the last of two fields of one name win, in silence."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Invalid(name, "has an object with the same field twice")
    return made


def _integer(name: str, digits: str) -> int:
    if len(digits) > DIGITS_LIMIT:
        raise Invalid(name, "has a number with too many digits")
    return int(digits)


def _finite(name: str, digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Invalid(name, "has a number that is not finite")
    return number


def _check(value: Json, name: str, depth: int) -> None:
    """No deeper than that, and no half of a surrogate pair: botocore could not send it."""
    if depth == 0:
        raise Invalid(name, "nested too deep")
    match value:
        case str():
            value.encode()
        case dict():
            for key, one in value.items():
                key.encode()
                _check(one, name, depth - 1)
        case list():
            for one in value:
                _check(one, name, depth - 1)


def shown(name: str) -> str:
    """The name of a field, if an error may show it."""
    return name if SHOWN.fullmatch(name) else "?"


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one object of a document, and where it stands in it."""

    values: dict[str, Json]
    where: str

    @classmethod
    def of(cls, value: Json, where: str, *, known: Iterable[str], required: Iterable[str]) -> "Fields":
        """An object with these fields and no other."""
        if not isinstance(value, dict):
            raise Invalid(where, "must be an object")
        made, known = cls(value, where), list(known)
        for name in value:
            if name not in known:
                raise Invalid(made.at(shown(name)), f"is not a field; there are {', '.join(known)}")
        for name in required:
            if name not in value:
                raise Invalid(made.at(name), "is missing")
        return made

    def at(self, name: str) -> str:
        return f"{self.where}.{name}"

    def text(self, name: str, pattern: re.Pattern[str], rule: str) -> str | None:
        """The field's text, or None where it is not given."""
        if name not in self.values:
            return None
        value = self.values[name]
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Invalid(self.at(name), f"must be {rule}")
        return value

    def choice[T](self, name: str, choices: Mapping[str, T]) -> T | None:
        """What the field's text stands for, or None where it is not given."""
        if name not in self.values:
            return None
        value = self.values[name]
        if not isinstance(value, str) or value not in choices:
            raise Invalid(self.at(name), f"must be one of {', '.join(choices)}")
        return choices[value]

    def object(self, name: str) -> dict[str, Json]:
        """The field's object, empty where it is not given."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise Invalid(self.at(name), "must be an object")
        return value

    def flag(self, name: str) -> bool:
        """The field's true or false; false where it is not given."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise Invalid(self.at(name), "must be true or false")
        return value

    def seconds(self, name: str, longest: int) -> float | None:
        """The field's number of seconds, or None where it is not given."""
        if name not in self.values:
            return None
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= longest:
            raise Invalid(self.at(name), f"must be a number of seconds, more than 0 and at most {longest}")
        return float(value)


def load_list(text: str, field: str, limit: int) -> list[Json]:
    """Return the list in the only field of a document of at most `limit` bytes. Raises Invalid."""
    document = Fields.of(load(text, "document", limit), "document", known=[field], required=[field])
    values = document.values[field]
    if not isinstance(values, list):
        raise Invalid(field, "must be a list")
    return values
