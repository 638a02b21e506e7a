"""A muted lane over a scripted store of routes and a scripted queue."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aws_events.message_attributes import ATTRIBUTE
from aws_events.record import Record
from outcomes.outcome import Outcome
from record_batch.lane_queue import LaneQueue
from record_batch.lane_step import ContinueAlone
from record_batch.overflow import Overflow
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from routes.muted_lane import MutedLane
from shared_state.claims import Claims
from shared_state.memory_rows import MemoryRows
from slack_alerts.muting import build_muting
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record
from tests.support.steps.clock import FakeClock
from tests.support.steps.lane import LEASE, ScriptedSqs
from tests.support.steps.scripted_store import ScriptedStore

NOW = 1_769_860_800.0
"""31 January 2026, 12:00 UTC."""


def muted_routes(*ends: float, below: str = "") -> str:
    """Return routes to ops, each muted until that many seconds after NOW; 0 for one that is not muted."""
    return json.dumps({"routes": [_route(end, below) for end in ends]})


def _route(end: float, below: str) -> dict[str, Any]:
    begins, until = (f"{datetime.fromtimestamp(NOW + at, UTC):%Y-%m-%dT%H:%M:%S}Z" for at in (end - 86_400.0, end))
    mute = {"mute": {"from": begins, "until": until}} | ({"mute_below": below} if below else {}) if end else {}
    return {"match": {"kind": "alarm"}, "destination": "ops"} | mute


@dataclass
class MutedLanes:
    """A muted lane of ops, at NOW."""

    answers: list[str | Exception | None]
    """The routes at each receive; the last ones repeat."""
    clock: FakeClock = field(default_factory=FakeClock)
    rows: MemoryRows = field(default_factory=MemoryRows)

    def __post_init__(self) -> None:
        self.clock.now = NOW
        self.queues = ScriptedSqs([])
        self.store = ScriptedStore(self.answers)
        lanes = LaneQueue(sqs=self.queues, url="lanes", overflow=Overflow(self.rows), policy=AWS_WRITE)
        self.muting = build_muting(self.store, "/routes", Claims(rows=self.rows, lease=LEASE, clock=self.clock), lanes)

    def receive(self, until: float, *alerts: Record) -> list[tuple[str, Outcome]]:
        """Return the outcomes of a batch of the lane with this end, in seconds after NOW."""
        lane, deadline = MutedLane("ops", int(NOW + until), 0), Deadline.after(30.0, clock=self.clock)
        held = self.muting.hold(lane, alerts or [alarm()], deadline)
        return [(one[0].message_id, one[1]) for one in held if not isinstance(one, ContinueAlone)]

    @property
    def said(self) -> list[tuple[str, str]]:
        """The (lane, title) of each message of our own."""
        bodies = [(one["MessageGroupId"], json.loads(one["MessageBody"])) for one in self.queues.sent]
        return [(lane, body["content"]["title"]) for lane, body in bodies]


def alarm(number: int = 1, *, age: float = 60.0, **changes: object) -> Record:
    """Return an alarm that was published this many seconds before NOW."""
    facts = json.dumps({"alert_id": f"m{number}", "hop": 0, "sent_at": NOW - age})
    ours = {ATTRIBUTE: {"dataType": "String", "stringValue": facts}}
    return record(alarm_message(**changes), message_id=f"m{number}", attributes=ours)
