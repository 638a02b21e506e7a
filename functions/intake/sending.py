"""Routed records -> their lanes."""

from collections.abc import Iterator, Sequence

from aws_events.envelope import Record
from intake.models import Routed
from outcomes.outcome import Later, LaterReason, Moved, Outcome
from record_batch.lane_message import routed_message
from record_batch.lane_queue import LaneQueue
from retry_policies import Deadline


def send(lanes: LaneQueue, alerts: Sequence[Routed], deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
    """Send the alerts to their lanes in order; yield each with its outcome."""
    messages = [
        routed_message(
            one.record,
            one.lane,
            identity=one.identity,
            mention=one.mention,
            account_name=one.account_name,
            as_text=one.as_text,
        )
        for one in alerts
    ]
    for one, is_taken in zip(alerts, lanes.send(messages, deadline), strict=True):
        yield one.record, Moved(one.lane) if is_taken else Later(LaterReason.NOT_SENT)
