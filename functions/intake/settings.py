"""The function's environment -> Settings."""

from dataclasses import dataclass
from typing import Self

from configuration.environment import Environment, parts, seconds, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The variables that the template sets; all lengths in seconds."""

    default_destination: str
    routes_parameter: str
    alerts_queue_url: str
    alerts_queue_arn: str
    allowed_topic_arns: frozenset[str]
    direct_alarm_arn: str
    """Pattern of the ARNs of alarms that may invoke intake; "" for none."""
    lanes_queue_url: str
    parking_queue_url: str
    deliveries_table: str
    test_alarm_arn: str
    """ARN of the alarm that the stack triggers once a day; "" if there is none."""
    reserve: float
    lease: float
    first_delay: float
    delay_cap: float

    @classmethod
    def from_env(cls, env: Environment) -> Self:
        """Read the environment. Raises SettingsError, which names the variable."""
        return cls(
            default_destination=text(env, "DEFAULT_DESTINATION"),
            routes_parameter=text(env, "ROUTES_PARAMETER"),
            alerts_queue_url=text(env, "ALERTS_QUEUE_URL"),
            alerts_queue_arn=text(env, "ALERTS_QUEUE_ARN"),
            allowed_topic_arns=parts(env, "ALLOWED_TOPIC_ARNS"),
            direct_alarm_arn=env.get("DIRECT_ALARM_ARN", ""),
            lanes_queue_url=text(env, "LANES_QUEUE_URL"),
            parking_queue_url=text(env, "PARKING_QUEUE_URL"),
            deliveries_table=text(env, "DELIVERIES_TABLE"),
            test_alarm_arn=env.get("TEST_ALARM_ARN", ""),
            reserve=seconds(env, "RESERVE_SECONDS"),
            lease=seconds(env, "LEASE_SECONDS"),
            first_delay=seconds(env, "FIRST_DELAY_SECONDS"),
            delay_cap=seconds(env, "DELAY_CAP_SECONDS"),
        )
