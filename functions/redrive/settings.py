"""The function's environment -> Settings."""

from dataclasses import dataclass
from typing import Self

from configuration.environment import Environment, seconds, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The variables that the template sets; all lengths in seconds."""

    alerts_queue_url: str
    alerts_queue_arn: str
    lanes_queue_url: str
    lanes_queue_arn: str
    dead_letters_url: str
    lanes_dead_letters_url: str
    parking_queue_url: str
    deliveries_table: str
    reserve: float
    lease: float

    @classmethod
    def from_env(cls, env: Environment) -> Self:
        """Read the environment. Raises SettingsError, which names the variable."""
        return cls(
            alerts_queue_url=text(env, "ALERTS_QUEUE_URL"),
            alerts_queue_arn=text(env, "ALERTS_QUEUE_ARN"),
            lanes_queue_url=text(env, "LANES_QUEUE_URL"),
            lanes_queue_arn=text(env, "LANES_QUEUE_ARN"),
            dead_letters_url=text(env, "DEAD_LETTER_QUEUE_URL"),
            lanes_dead_letters_url=text(env, "LANES_DEAD_LETTER_QUEUE_URL"),
            parking_queue_url=text(env, "PARKING_QUEUE_URL"),
            deliveries_table=text(env, "DELIVERIES_TABLE"),
            reserve=seconds(env, "RESERVE_SECONDS"),
            lease=seconds(env, "LEASE_SECONDS"),
        )
