"""The function's environment -> Settings."""

from dataclasses import dataclass
from typing import Self

from configuration.environment import Environment, seconds, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The function's settings; lengths in seconds."""

    queue_urls: tuple[str, ...]
    """The queues to report, in the order of the notice."""
    lanes_queue_url: str
    ops_topic_arn: str
    deliveries_table: str
    reserve: float

    @classmethod
    def from_env(cls, env: Environment) -> Self:
        """Raise SettingsError, which names the variable."""
        urls = [
            text(env, name) for name in ("PARKING_QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "LANES_DEAD_LETTER_QUEUE_URL")
        ]
        # Not set if the stack makes no AWS calls.
        actions_url = env.get("ACTIONS_DEAD_LETTER_QUEUE_URL", "").strip()
        return cls(
            queue_urls=(*urls, *([actions_url] if actions_url else [])),
            lanes_queue_url=text(env, "LANES_QUEUE_URL"),
            ops_topic_arn=text(env, "OPS_TOPIC_ARN"),
            deliveries_table=text(env, "DELIVERIES_TABLE"),
            reserve=seconds(env, "RESERVE_SECONDS"),
        )
