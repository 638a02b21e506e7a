"""Parse JSON strictly: bounded in size and depth, without duplicate fields, with finite numbers only."""

import json
import math
import re

type Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None

SHOWN = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""Names of fields that an error may show; another name may be a pasted secret."""
DEPTH_LIMIT = 80
"""DynamoDB nests items 32 deep, each level twice; the rest is for the JSON around an item."""
DIGITS_LIMIT = 20
"""More than any count, time or integer of AWS has."""


class Invalid(ValueError):
    """A document or a message is invalid; the error names the field and the rule, never a value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


def load(text: str, name: str, limit: int) -> Json:
    """Parse a document of at most `limit` bytes; `name` is for the error. Raise Invalid."""
    try:
        value: Json = json.loads(
            _bounded(text, name, limit),
            object_pairs_hook=lambda pairs: _unique(name, pairs),
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


def _unique(name: str, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return the object. Refuse duplicate fields, of which json.loads would keep the last."""
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
    """Refuse nesting beyond the depth, and lone surrogates, which botocore cannot send."""
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
    """Return the field's name if an error may show it, else a question mark."""
    return name if SHOWN.fullmatch(name) else "?"
