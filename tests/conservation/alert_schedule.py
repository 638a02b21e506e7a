"""A schedule of alerts and faults, as data."""

from dataclasses import dataclass, replace

from slack_alerts.models import SlackMessage
from tests.conservation.faults import Fault
from tests.support.virtual.alarm_change import AlarmChange
from tests.support.virtual.alert_messages import DEFAULT
from tests.support.virtual.mutes import mute
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE, Behaviour
from tests.support.virtual.timing import lane_settings
from tests.support.virtual.world import World

LANE_RECEIVES = 60
"""Receives instead of the template's thousand: an alert that always kills the function becomes a dead letter soon."""
REFUSED, PLAIN_ONLY = "never-taken", "plain-only"
"""Words of alerts that Slack refuses always, or unless they are plain text."""


@dataclass(frozen=True, slots=True)
class PublishedAlert:
    """An alert. SNS sends another copy after each of `again` seconds."""

    at: float
    destination: str = DEFAULT
    word: str = ""
    again: tuple[float, ...] = ()
    change: AlarmChange | None = None
    """The change of an alarm; None for a text."""


@dataclass(frozen=True, slots=True)
class AlertSchedule:
    """Alerts and faults. A schedule determines everything that happens."""

    seed: int
    alerts: tuple[PublishedAlert, ...]
    faults: tuple[Fault[SlackAlerts], ...]
    follow: str = ""
    """The `follow` of all routes; then the destinations have bot tokens."""
    muted_for: float = 0.0
    """Seconds for which all routes are muted; 0 for never."""

    def play(self, world: World) -> SlackAlerts:
        """Run until nothing is scheduled."""
        settings = replace(lane_settings(), max_receives=LANE_RECEIVES, one_group_per_batch=bool(self.seed % 2))
        fields = mute(0.0, self.muted_for) if self.muted_for else {}
        stack = SlackAlerts(world, lane_settings=settings, follow=self.follow, mute=fields)
        stack.slack.refuse = _refuse
        for fault in self.faults:
            fault.inject(stack)
        for number, alert in enumerate(self.alerts):
            for later in (0.0, *alert.again):
                stack.publish(number, alert.destination, at=alert.at + later, words=alert.word, change=alert.change)
        world.run()
        return stack


def _refuse(message: SlackMessage) -> Behaviour | None:
    is_refused = REFUSED in message.text or (PLAIN_ONLY in message.text and message.blocks)
    return REFUSED_MESSAGE if is_refused else None
