"""Read JSON without a schema: a value of an unexpected type counts as missing."""

import json
import math


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
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole_of(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 else digits  # noqa: PLR2004 - more than any count or time has


def _decimal(digits: str) -> float | str:
    return number if math.isfinite(number := float(digits)) else digits
