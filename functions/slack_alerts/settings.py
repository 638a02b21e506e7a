"""The function's environment -> Settings."""

from dataclasses import dataclass
from typing import Self

from record_batch.claims import UNANSWERED_LIMIT
from record_batch.environment import PACES, SECRET_STORES, Environment, choice, parts, seconds, text
from slack_alerts.egress import Egress

LEAST_POST_TIME = 0.8
"""Of the reserve."""
UNANSWERED_LIMITS = {"repeat": UNANSWERED_LIMIT, "suppress": 1}
"""What UNANSWERED_POSTS says of a post that got no answer: repeat it, or never post that alert again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function; all lengths in seconds."""

    destinations_path: str
    """Below it the credentials stand, one secret for each destination."""
    default_destination: str
    routes_parameter: str
    secret_store: str
    """A key of record_batch.stores.STORES."""
    slack_api_url: str
    """Without a slash at its end; not checked before a bot's token is to be posted with."""
    egress: Egress
    alerts_queue_url: str
    alerts_queue_arn: str
    allowed_topic_arns: frozenset[str]
    parking_queue_url: str
    ops_topic_arn: str
    deliveries_table: str
    test_alarm: str
    """Name of the alarm that is set off to see that alarms arrive; "" where there is none."""
    unanswered_limit: int
    """Posts without an answer after which an alert is parked."""
    reserve: float
    lease: float
    first_delay: float
    delay_cap: float
    first_pause: float
    pause_cap: float
    pace: str

    @property
    def least_post_time(self) -> float:
        """No post starts with less: a slow answer that is cut off counts as none, and the alert comes twice."""
        return min(4.0, self.reserve * LEAST_POST_TIME)

    @property
    def aws_timeout(self) -> float:
        """To connect, and to read: a call that began when only the reserve was left ends within half of it."""
        return self.reserve * 0.2

    @classmethod
    def from_env(cls, env: Environment) -> Self:
        """Raises naming the variable."""
        pace = choice(env, "PACE", PACES)
        return cls(
            destinations_path=text(env, "DESTINATIONS_PATH"),
            default_destination=text(env, "DEFAULT_DESTINATION"),
            routes_parameter=text(env, "ROUTES_PARAMETER"),
            secret_store=choice(env, "SECRET_STORE", SECRET_STORES),
            slack_api_url=text(env, "SLACK_API_URL").rstrip("/"),
            egress=Egress(parts(env, "ALLOWED_HOSTS"), allows_plain=pace == "quick"),
            alerts_queue_url=text(env, "ALERTS_QUEUE_URL"),
            alerts_queue_arn=text(env, "ALERTS_QUEUE_ARN"),
            allowed_topic_arns=parts(env, "ALLOWED_TOPIC_ARNS"),
            parking_queue_url=text(env, "PARKING_QUEUE_URL"),
            ops_topic_arn=text(env, "OPS_TOPIC_ARN"),
            deliveries_table=text(env, "DELIVERIES_TABLE"),
            test_alarm=env.get("TEST_ALARM", ""),
            unanswered_limit=UNANSWERED_LIMITS[choice(env, "UNANSWERED_POSTS", UNANSWERED_LIMITS)],
            reserve=seconds(env, "RESERVE_SECONDS"),
            lease=seconds(env, "LEASE_SECONDS"),
            first_delay=seconds(env, "FIRST_DELAY_SECONDS"),
            delay_cap=seconds(env, "DELAY_CAP_SECONDS"),
            first_pause=seconds(env, "FIRST_PAUSE_SECONDS"),
            pause_cap=seconds(env, "PAUSE_CAP_SECONDS"),
            pace=pace,
        )
