"""The steps of intake in a virtual stack."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_events.envelope import Record
from intake import app
from intake.crashes import Crashes
from intake.routing import Router
from record_batch.admission import Admission
from record_batch.lane_message import LaneMessage
from retry_policies import Deadline
from shared_state.claims import Claims
from shared_state.last_success import LastSuccess
from tests.support.virtual.alert_messages import DEFAULT, DIES_EARLY, topic_arn
from tests.support.virtual.stack import VirtualStack
from tests.support.virtual.timing import timing
from tests.support.virtual.world import World

ROUTES = "/routes"


@dataclass(frozen=True, kw_only=True)
class CrashingRouter(Router):
    """A router that dies at alerts with the word DIES_EARLY."""

    world: World

    def route(self, record: Record, deadline: Deadline) -> LaneMessage:
        if DIES_EARLY in record.text:
            self.world.die()
        return super().route(record, deadline)


def intake_steps(stack: VirtualStack, destinations: Sequence[str]) -> app.Steps:
    """Build the steps as intake.app.wire() does."""
    world, queue, given = stack.world, stack.stages[0].queue, timing()
    rows = stack.new_rows()
    router = CrashingRouter(
        default_destination=DEFAULT,
        test_alarm_arn="",
        store=stack.store,
        parameter=ROUTES,
        policy=stack.read,
        on_trouble=lambda _: None,
        clock=world.monotonic,
        world=world,
    )
    return app.Steps(
        admission=Admission(queue.arn, frozenset(map(topic_arn, destinations)), clock=world.wall),
        crashes=Crashes(Claims(rows=rows, lease=given["Lease"], clock=world.wall, new_token=stack.new_token)),
        router=router,
        lanes=stack.lane_queue(),
        last_success=LastSuccess(rows, "intake", world.wall, stack.new_token),
        resources=stack.batch_resources("Intake"),
    )
