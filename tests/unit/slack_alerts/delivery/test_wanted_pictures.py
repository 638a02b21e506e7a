"""The alerts for which a delivery notes a picture."""

from dataclasses import dataclass, field, replace

import pytest

from notifications.models import Notification
from slack_alerts.delivery.services import Services
from slack_alerts.models import BotToken, Place
from tests.support.steps.followed_lane import Change, FollowedLane

ALARM, OK = "ALARM", "OK"


@dataclass
class PictureLane(FollowedLane):
    """A lane with pictures; the places and titles of those that were noted are in `wanted`."""

    wanted: list[tuple[Place, str]] = field(default_factory=list)

    def services(self) -> Services:
        return replace(super().services(), want_picture=self._want)

    def _want(self, credentials: BotToken, place: Place, one: Notification) -> None:
        assert credentials.channel == place.channel
        self.wanted.append((place, one.title))


@pytest.fixture
def lane() -> PictureLane:
    return PictureLane()


def test_each_message_of_an_alert_is_noted_with_its_place(lane: PictureLane) -> None:
    lane.tell(Change(ALARM))
    lane.tell(Change(OK, 60.0))
    root, reply = lane.history()
    assert lane.wanted == [(Place(root.channel, root.ts), "cpu"), (Place(root.channel, reply.ts, root.ts), "cpu")]


def test_an_alert_that_is_not_followed_is_noted_too(lane: PictureLane) -> None:
    lane.tell(Change(ALARM, follow="off"))
    assert [title for _, title in lane.wanted] == ["cpu"]


def test_a_digest_and_a_duplicate_are_not_noted(lane: PictureLane) -> None:
    lane.tell(Change(ALARM), Change(ALARM, alarm="memory"), Change(ALARM, alarm="disk"))
    lane.tell(Change(ALARM))
    assert lane.wanted == []


def test_a_webhook_and_a_message_without_a_place_are_not_noted(lane: PictureLane) -> None:
    lane.bot.has_ts = False
    lane.tell(Change(ALARM))
    lane.bot_secrets.is_webhook = True
    lane.tell(Change(ALARM, alarm="memory"))
    assert lane.wanted == []


def test_a_refused_alert_is_not_noted(lane: PictureLane) -> None:
    lane.standin.script([{"status": 500}], repeat=True)
    lane.tell(Change(ALARM))
    assert lane.wanted == []


def test_an_alert_that_may_cause_crashes_is_not_noted(lane: PictureLane) -> None:
    change = Change(ALARM)
    lane.crash(change.name)
    lane.tell(change)
    assert lane.told() == ["ALARM cpu"]
    assert lane.wanted == []
