"""The services that all batches share."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.models import Notification
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from shared_state.claims import Claims
from shared_state.lane_state import LaneStates
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.models import BotToken, Place, Post

if TYPE_CHECKING:
    from shared_state.alarm_threads import AlarmThreads
    from shared_state.open_alarms import OpenAlarms
    from slack_alerts.delivery.headlines import Headlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that a delivery calls; lengths in seconds, `clock` is the wall clock."""

    destinations: Destinations
    lanes: LaneStates
    claims: Claims
    threads: Callable[[], "AlarmThreads"]
    """Return the rows of threads; webhooks have none."""
    open_alarms: Callable[[], "OpenAlarms"]
    """Return the alarms with reminders."""
    edits_messages: bool
    """Whether rows keep the content of first messages, which edits need."""
    headlines: Callable[[], "Headlines"]
    """Return the service that edits first messages; it is built at its first use."""
    post: Post
    policy: RetryPolicy
    digest_from: int
    """Least number of alerts in a batch that are posted as one message; 0 for never."""
    post_interval: float
    """From the beginning of one post of a lane to the beginning of the next."""
    notify_ops: Callable[[str, str, Deadline], None]
    """(lane, line, deadline) -> None."""
    want_picture: Callable[[BotToken, Place, Notification], None] | None = None
    """(credentials, message, notification): note a picture for the end of the invocation. None without pictures."""
    clock: Clock = time.time
    monotonic: Clock = time.monotonic
    sleep: Callable[[float], None] = time.sleep
