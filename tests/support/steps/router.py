"""A router over a scripted store."""

import json
from collections.abc import Callable

from aws_events.record import Record
from intake.routing import Router
from record_batch.lane_message import LaneMessage
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime
from tests.support.samples.events import TEST_ALARM_ARN, alarm_message
from tests.support.samples.notifications import record
from tests.support.steps.scripted_store import ScriptedStore

ALARM = record(alarm_message())
GOOD = json.dumps(
    {
        "routes": [
            {"match": {"alarm": "checkout-*"}, "destination": "checkout", "mention": "here"},
            {"match": {"state": "OK"}, "destination": "calm"},
        ]
    }
)


class ScriptedRoutes:
    """A router over a scripted store, on a fake clock."""

    def __init__(self, *answers: str | Exception | None, sleep: Callable[[float], None] = lambda _: None) -> None:
        self.time = FakeTime(1000.0)
        self.store = ScriptedStore(list(answers))
        self.troubles: list[object] = []
        self.router = Router(
            default_destination="default",
            test_alarm_arn=TEST_ALARM_ARN,
            store=self.store,
            parameter="/holdfast/routes",
            policy=AWS_READ.with_(sleep=sleep),
            on_trouble=self.troubles.append,
            clock=self.time.clock,
            wall_clock=self.time.clock,
        )

    def route(self, alert: Record = ALARM, seconds: float = 60) -> LaneMessage:
        """Route a record with this many seconds left."""
        return self.router.route(alert, self.time.deadline(seconds))

    def lane(self) -> str:
        return self.route().lane
