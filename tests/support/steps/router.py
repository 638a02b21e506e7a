"""A router over a scripted store, and the answers of that store."""

import json
from collections.abc import Callable

from aws_events.envelope import Record
from configuration.documents import Trouble
from intake.routing import Router
from record_batch.lane_message import LaneMessage
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.samples.events import TEST_ALARM_ARN, alarm_message
from tests.support.samples.notifications import record
from tests.support.steps.clock import FakeClock
from tests.support.steps.scripted_store import ScriptedStore, refusal

ALARM = record(alarm_message())


def document(destination: str) -> str:
    """Return routes: alarms of checkout to this destination, resolved ones to calm."""
    route = {"match": {"alarm": "checkout-*"}, "destination": destination, "mention": "here"}
    return json.dumps({"routes": [route, {"match": {"state": "OK"}, "destination": "calm"}]})


GOOD, OTHER = document("checkout"), document("other")
TROUBLES: dict[Trouble, str | Exception | None] = {
    Trouble.INVALID: GOOD.replace("match", "matches"),
    Trouble.UNREADABLE: refusal("AccessDeniedException"),
    Trouble.MISSING: None,
}
"""The answers of the store by trouble."""


class ScriptedRoutes:
    """A router over a scripted store, on a fake clock."""

    def __init__(self, *answers: str | Exception | None, sleep: Callable[[float], None] = lambda _: None) -> None:
        self.clock = FakeClock()
        self.store = ScriptedStore(list(answers))
        self.troubles: list[Trouble] = []
        self.router = Router(
            default_destination="default",
            test_alarm_arn=TEST_ALARM_ARN,
            store=self.store,
            parameter="/holdfast/routes",
            policy=AWS_READ.with_(sleep=sleep),
            on_trouble=self.troubles.append,
            clock=self.clock,
        )

    def route(self, alert: Record = ALARM, seconds: float = 60) -> LaneMessage:
        """Route a record with this many seconds left."""
        return self.router.route(alert, Deadline.after(seconds, clock=self.clock))

    def lane(self) -> str:
        """Return the lane of the alarm."""
        return self.route().lane
