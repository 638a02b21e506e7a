"""The function's environment -> Settings."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from record_batch.claims import UNANSWERED_LIMIT
from slack_alerts.egress import Egress, ForbiddenUrl

PACES = ("standard", "quick")
SECRET_STORES = ("ssm", "secretsmanager")
UNANSWERED_LIMITS = {"repeat": UNANSWERED_LIMIT, "suppress": 1}
"""What UNANSWERED_POSTS says of a post that got no answer: repeat it, or never post that alert again."""


class SettingsError(ValueError):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function; all lengths in seconds."""

    destinations_path: str
    """Below it the credentials stand, one secret for each destination."""
    default_destination: str
    routes_parameter: str
    secret_store: str
    """A key of slack_alerts.stores.STORES."""
    slack_api_url: str
    """Without a slash at its end."""
    egress: Egress
    alerts_queue_url: str
    alerts_queue_arn: str
    allowed_topic_arns: frozenset[str]
    parking_queue_url: str
    ops_topic_arn: str
    deliveries_table: str
    unanswered_limit: int
    """Posts without an answer after which an alert is parked."""
    reserve: float
    lease: float
    first_delay: float
    delay_cap: float
    first_pause: float
    pause_cap: float
    pace: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises SettingsError, naming the variable."""
        pace = _choice(env, "PACE", PACES)
        egress = Egress(_list(env, "ALLOWED_HOSTS"), allows_plain=pace == "quick")
        return cls(
            destinations_path=_text(env, "DESTINATIONS_PATH"),
            default_destination=_text(env, "DEFAULT_DESTINATION"),
            routes_parameter=_text(env, "ROUTES_PARAMETER"),
            secret_store=_choice(env, "SECRET_STORE", SECRET_STORES),
            slack_api_url=_url(env, "SLACK_API_URL", egress),
            egress=egress,
            alerts_queue_url=_text(env, "ALERTS_QUEUE_URL"),
            alerts_queue_arn=_text(env, "ALERTS_QUEUE_ARN"),
            allowed_topic_arns=_list(env, "ALLOWED_TOPIC_ARNS"),
            parking_queue_url=_text(env, "PARKING_QUEUE_URL"),
            ops_topic_arn=_text(env, "OPS_TOPIC_ARN"),
            deliveries_table=_text(env, "DELIVERIES_TABLE"),
            unanswered_limit=UNANSWERED_LIMITS[_choice(env, "UNANSWERED_POSTS", UNANSWERED_LIMITS)],
            reserve=_seconds(env, "RESERVE_SECONDS"),
            lease=_seconds(env, "LEASE_SECONDS"),
            first_delay=_seconds(env, "FIRST_DELAY_SECONDS"),
            delay_cap=_seconds(env, "DELAY_CAP_SECONDS"),
            first_pause=_seconds(env, "FIRST_PAUSE_SECONDS"),
            pause_cap=_seconds(env, "PAUSE_CAP_SECONDS"),
            pace=pace,
        )


def _text(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _choice(env: Mapping[str, str], name: str, choices: Iterable[str]) -> str:
    value = _text(env, name)
    if value not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}")
    return value


def _list(env: Mapping[str, str], name: str) -> frozenset[str]:
    """Parts between commas."""
    parts = frozenset(part.strip() for part in _text(env, name).split(","))
    if "" in parts:
        raise SettingsError(f"{name} must have no empty part between its commas")
    return parts


def _url(env: Mapping[str, str], name: str, egress: Egress) -> str:
    url = _text(env, name).rstrip("/")
    try:
        egress.check(url)
    except ForbiddenUrl as error:
        raise SettingsError(f"{name} {error}") from error
    return url


def _seconds(env: Mapping[str, str], name: str) -> float:
    text = _text(env, name)
    try:
        seconds = float(text)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number of seconds") from error
    if not math.isfinite(seconds) or seconds <= 0:
        raise SettingsError(f"{name} must be a number of seconds above 0")
    return seconds
