"""The function's environment -> Settings."""

from dataclasses import dataclass
from typing import Self

from aws_actions.calling.allow_list import AllowList
from configuration.clients import aws_timeout
from configuration.environment import Environment, SettingsError, parts, seconds, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The variables that the template sets; all lengths in seconds."""

    allowed_actions: AllowList
    call_role_arn: str
    rules_parameter: str
    actions_queue_url: str
    actions_queue_arn: str
    allowed_topic_arns: frozenset[str]
    alerts_topic_arn: str
    """The topic to which outcomes are published."""
    parking_queue_url: str
    deliveries_table: str
    call_timeout: float
    """The read timeout of a call."""
    reserve: float
    lease: float
    first_delay: float
    delay_cap: float

    @property
    def attempt_time(self) -> float:
        """Return the time that one attempt may take: assume the role, connect, and wait for the answer."""
        return 3 * aws_timeout(self.reserve) + self.call_timeout

    @classmethod
    def from_env(cls, env: Environment) -> Self:
        """Read the environment. Raises SettingsError, which names the variable."""
        return cls(
            allowed_actions=_allow_list(env, "ALLOWED_ACTIONS"),
            call_role_arn=text(env, "CALL_ROLE_ARN"),
            rules_parameter=text(env, "RULES_PARAMETER"),
            actions_queue_url=text(env, "ACTIONS_QUEUE_URL"),
            actions_queue_arn=text(env, "ACTIONS_QUEUE_ARN"),
            allowed_topic_arns=parts(env, "ALLOWED_TOPIC_ARNS"),
            alerts_topic_arn=text(env, "ALERTS_TOPIC_ARN"),
            parking_queue_url=text(env, "PARKING_QUEUE_URL"),
            deliveries_table=text(env, "DELIVERIES_TABLE"),
            call_timeout=seconds(env, "CALL_TIMEOUT_SECONDS"),
            reserve=seconds(env, "RESERVE_SECONDS"),
            lease=seconds(env, "LEASE_SECONDS"),
            first_delay=seconds(env, "FIRST_DELAY_SECONDS"),
            delay_cap=seconds(env, "DELAY_CAP_SECONDS"),
        )


def _allow_list(env: Environment, name: str) -> AllowList:
    """Return the list. The variable may be empty, which allows nothing, but it must be set."""
    if name not in env:
        raise SettingsError(f"{name} is not set")
    try:
        return AllowList.parse(env[name])
    except ValueError as error:
        raise SettingsError(f"{name} {error}") from error
