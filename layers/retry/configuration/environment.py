"""Read values from environment variables. Each function raises SettingsError for a missing or invalid variable."""

import math
from collections.abc import Iterable, Mapping

PACES = ("standard", "quick")
SECRET_STORES = ("ssm", "secretsmanager")

type Environment = Mapping[str, str]


class SettingsError(ValueError):
    """A variable is missing or invalid; the message names it."""


def text(env: Environment, name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def choice(env: Environment, name: str, choices: Iterable[str]) -> str:
    value = text(env, name)
    if value not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}")
    return value


def parts(env: Environment, name: str) -> frozenset[str]:
    """Return the parts of a comma-separated list."""
    found = frozenset(part.strip() for part in text(env, name).split(","))
    if "" in found:
        raise SettingsError(f"{name} must have no empty part between its commas")
    return found


def seconds(env: Environment, name: str) -> float:
    """Return a number of seconds above 0."""
    value = text(env, name)
    try:
        length = float(value)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number of seconds") from error
    if not math.isfinite(length) or length <= 0:
        raise SettingsError(f"{name} must be a number of seconds above 0")
    return length


def whole(env: Environment, name: str) -> int:
    """Return a non-negative integer."""
    value = text(env, name)
    if not value.isdecimal():
        raise SettingsError(f"{name} must be a whole number, 0 or more")
    return int(value)
