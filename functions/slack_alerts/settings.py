"""The function's environment -> Settings."""

from dataclasses import dataclass
from typing import Self

from configuration.environment import PACES, SECRET_STORES, Environment, choice, parts, seconds, text, whole
from shared_state.claims import UNANSWERED_LIMIT
from slack_alerts.slack.egress import Egress

POST_SHARE_OF_RESERVE = 0.8
SWITCH = ("on", "off")
UNANSWERED_LIMITS = {"repeat": UNANSWERED_LIMIT, "suppress": 1}
"""Posts without an answer after which an alert is parked, by UNANSWERED_POSTS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The variables that the template sets; lengths in seconds."""

    destinations_path: str
    """The prefix of the secrets, one for each destination."""
    default_destination: str
    secret_store: str
    """A key of configuration.stores.STORES."""
    slack_api_url: str
    """Without a slash at the end; checked only for a bot token."""
    egress: Egress
    routes_parameter: str
    lanes_queue_url: str
    lanes_queue_arn: str
    parking_queue_url: str
    ops_topic_arn: str
    deliveries_table: str
    has_test_alarm: bool
    """Whether the stack triggers a test alarm once a day."""
    digest_from: int
    """Least number of alerts in a batch that become one message; 0 for never."""
    edits_messages: bool
    """Whether the first message of an alarm's thread is edited. If so, the table stores its content."""
    draws_pictures: bool
    """Whether a metric alarm gets a graph below its message."""
    unanswered_limit: int
    """Posts without an answer after which an alert is parked."""
    reserve: float
    lease: float
    lane_time: float
    """Time for one lane in one batch."""
    post_interval: float
    """Between the beginnings of two posts of one lane."""
    first_pause: float
    pause_cap: float
    doubt_pause_cap: float

    @property
    def least_post_time(self) -> float:
        """Least time before the deadline to start a post: a post with less would be cut off and count as unanswered."""
        return min(4.0, self.reserve * POST_SHARE_OF_RESERVE)

    @classmethod
    def from_env(cls, env: Environment) -> Self:
        """Read the environment. Raises SettingsError, which names the variable."""
        pace = choice(env, "PACE", PACES)
        return cls(
            destinations_path=text(env, "DESTINATIONS_PATH"),
            default_destination=text(env, "DEFAULT_DESTINATION"),
            secret_store=choice(env, "SECRET_STORE", SECRET_STORES),
            slack_api_url=text(env, "SLACK_API_URL").rstrip("/"),
            egress=Egress(parts(env, "ALLOWED_HOSTS"), allows_plain=pace == "quick"),
            routes_parameter=text(env, "ROUTES_PARAMETER"),
            lanes_queue_url=text(env, "LANES_QUEUE_URL"),
            lanes_queue_arn=text(env, "LANES_QUEUE_ARN"),
            parking_queue_url=text(env, "PARKING_QUEUE_URL"),
            ops_topic_arn=text(env, "OPS_TOPIC_ARN"),
            deliveries_table=text(env, "DELIVERIES_TABLE"),
            has_test_alarm=bool(env.get("TEST_ALARM_ARN", "")),
            digest_from=whole(env, "DIGEST_FROM"),
            edits_messages=choice(env, "EDITS", SWITCH) == "on",
            draws_pictures=choice(env, "PICTURES", SWITCH) == "on",
            unanswered_limit=UNANSWERED_LIMITS[choice(env, "UNANSWERED_POSTS", UNANSWERED_LIMITS)],
            reserve=seconds(env, "RESERVE_SECONDS"),
            lease=seconds(env, "LEASE_SECONDS"),
            lane_time=seconds(env, "LANE_SECONDS"),
            post_interval=seconds(env, "POST_INTERVAL_SECONDS"),
            first_pause=seconds(env, "FIRST_PAUSE_SECONDS"),
            pause_cap=seconds(env, "PAUSE_CAP_SECONDS"),
            doubt_pause_cap=seconds(env, "DOUBT_PAUSE_CAP_SECONDS"),
        )
