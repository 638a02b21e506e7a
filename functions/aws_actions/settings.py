"""The function's environment -> Settings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from aws_actions.allow_list import AllowList


class SettingsError(ValueError):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function; all lengths in seconds."""

    allowed_actions: AllowList
    call_role_arn: str
    rules_parameter: str
    actions_queue_url: str
    actions_queue_arn: str
    allowed_topic_arns: frozenset[str]
    alerts_topic_arn: str
    """Where outcomes go that Slack shall be told."""
    parking_queue_url: str
    ops_topic_arn: str
    call_timeout: float
    """How long AWS may take to answer a call; no call starts with less than this left."""
    reserve: float
    first_delay: float
    delay_cap: float

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises SettingsError, naming the variable."""
        return cls(
            allowed_actions=_allow_list(env, "ALLOWED_ACTIONS"),
            call_role_arn=_text(env, "CALL_ROLE_ARN"),
            rules_parameter=_text(env, "RULES_PARAMETER"),
            actions_queue_url=_text(env, "ACTIONS_QUEUE_URL"),
            actions_queue_arn=_text(env, "ACTIONS_QUEUE_ARN"),
            allowed_topic_arns=_list(env, "ALLOWED_TOPIC_ARNS"),
            alerts_topic_arn=_text(env, "ALERTS_TOPIC_ARN"),
            parking_queue_url=_text(env, "PARKING_QUEUE_URL"),
            ops_topic_arn=_text(env, "OPS_TOPIC_ARN"),
            call_timeout=_seconds(env, "CALL_TIMEOUT_SECONDS"),
            reserve=_seconds(env, "RESERVE_SECONDS"),
            first_delay=_seconds(env, "FIRST_DELAY_SECONDS"),
            delay_cap=_seconds(env, "DELAY_CAP_SECONDS"),
        )


def _allow_list(env: Mapping[str, str], name: str) -> AllowList:
    """The one variable that may be empty: nothing is allowed then. Missing it may not be."""
    if name not in env:
        raise SettingsError(f"{name} is not set")
    try:
        return AllowList.parse(env[name])
    except ValueError as error:
        raise SettingsError(f"{name} {error}") from error


def _text(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _list(env: Mapping[str, str], name: str) -> frozenset[str]:
    """Parts between commas."""
    parts = frozenset(part.strip() for part in _text(env, name).split(","))
    if "" in parts:
        raise SettingsError(f"{name} must have no empty part between its commas")
    return parts


def _seconds(env: Mapping[str, str], name: str) -> float:
    text = _text(env, name)
    try:
        seconds = float(text)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number of seconds") from error
    if not math.isfinite(seconds) or seconds <= 0:
        raise SettingsError(f"{name} must be a number of seconds above 0")
    return seconds
