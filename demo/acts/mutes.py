"""Acts of a muted route: its alerts wait, and arrive after the end of the mute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from demo.channels import FOLLOWED, routes_document
from demo.metric_alarm import unique_name
from demo.slack.conversations import ChannelMessage
from demo.stage import Stage
from demo.state_change import publish_all

MUTED = "maintenance"
"""The prefix of the alarms."""
LASTS = timedelta(seconds=40)
ALARMS = 4
DIGEST = 3
"""Alerts that are one message, as DigestFrom has it by default."""


def wait_muted(stage: Stage) -> None:
    """Publish four alarms of a muted route: they wait, and their channel is told until when."""
    begins = datetime.now(UTC)
    mute = {"from": f"{begins:%Y-%m-%dT%H:%M:%SZ}", "until": f"{begins + LASTS:%Y-%m-%dT%H:%M:%SZ}"}
    route = {"match": {"alarm": f"{MUTED}-*"}, "destination": FOLLOWED, "mute": mute}
    stage.aws.store_routes(stage.stack, routes_document(route))
    names = [unique_name(MUTED) for _ in range(ALARMS)]
    stage.expected |= {f"ALARM {name}": "delivered" for name in names}
    publish_all(stage.aws.client("sns"), stage.stack.alerts_topic_arn, names)
    stage.until(lambda: all(map(stage.watch.is_in_lane, names)) and bool(_told(stage)))
    said = _texts(_told(stage))
    stage.check("the channel is told, and has no alert", holds="begins" in said and MUTED not in said)


def arrive_after_their_mute(stage: Stage) -> None:
    """Wait for the end of the mute: the four alarms arrive, and a digest of them says that they were muted."""
    labels = [label for label in stage.expected if f" {MUTED}-" in label]
    stage.until(lambda: stage.have_ended(labels))
    stage.aws.store_routes(stage.stack, routes_document())
    told = _told(stage)
    stage.timeline.text(_texts(told))
    stage.check("the channel is told that the mute has ended", holds="has ended" in _texts(told))
    digests = [one.posting.text for one in told if one.posting.text.count(f"{MUTED}-") >= DIGEST]
    stage.check("a digest says until when its alarms were muted", holds="muted until" in "".join(digests))


def _told(stage: Stage) -> list[ChannelMessage]:
    """Return the messages about the mute and its alarms."""
    messages = stage.slack.history(FOLLOWED)
    return [one for one in messages if any(word in one.posting.text for word in ("Mute until", MUTED))]


def _texts(messages: Sequence[ChannelMessage]) -> str:
    return "\n".join(one.posting.text for one in messages)
