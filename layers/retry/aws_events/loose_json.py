"""Read JSON without a schema: a value of an unexpected type counts as missing."""

import json
import math
from decimal import Decimal

DIGITS = 17
"""Significant digits that a float holds at most."""


class LongDecimal(float):
    """A number with more digits than a float holds; `written` has them all."""

    __slots__ = ("written",)
    written: str


def load(text: str) -> object:
    """Parse JSON; a number that Python cannot hold stays text. Raise ValueError, also for too deep nesting."""
    try:
        value: object = json.loads(text, parse_int=_integer, parse_float=_decimal)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def list_of(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def dict_of(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def number_of(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole_of(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 else digits  # noqa: PLR2004 - more than any count or time has


def _decimal(digits: str) -> float | str:
    number = LongDecimal(digits)
    if not math.isfinite(number):
        return digits
    if len(digits) <= DIGITS or len(Decimal(digits).as_tuple().digits) <= DIGITS:
        return float(number)
    number.written = digits
    return number
