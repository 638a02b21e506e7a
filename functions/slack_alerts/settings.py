"""The function's environment -> Settings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


class SettingsError(ValueError):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function; all lengths in seconds."""

    destinations_path: str
    """The SSM path under which the webhooks stand, one parameter for each destination."""
    default_destination: str
    queue_url: str
    reserve: float
    first_delay: float
    delay_cap: float

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises SettingsError, naming the variable."""
        return cls(
            destinations_path=_text(env, "DESTINATIONS_PATH"),
            default_destination=_text(env, "DEFAULT_DESTINATION"),
            queue_url=_text(env, "ALERTS_QUEUE_URL"),
            reserve=_seconds(env, "RESERVE_SECONDS"),
            first_delay=_seconds(env, "FIRST_DELAY_SECONDS"),
            delay_cap=_seconds(env, "DELAY_CAP_SECONDS"),
        )


def _text(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _seconds(env: Mapping[str, str], name: str) -> float:
    text = _text(env, name)
    try:
        seconds = float(text)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number of seconds") from error
    if not math.isfinite(seconds) or seconds <= 0:
        raise SettingsError(f"{name} must be a number of seconds above 0")
    return seconds
