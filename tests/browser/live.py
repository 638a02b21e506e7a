"""The whole demonstration, deployed on the local AWS, with its console."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from demo.console.console import Console
from demo.console.controls import Controls
from demo.console.hub import Hub
from demo.run import set_up
from demo.stage import LOOK_EVERY, Stage


@dataclass
class Live:
    """A deployed stack, whose watch a thread reads."""

    stage: Stage
    console: Console

    @property
    def url(self) -> str:
        return self.stage.slack.url

    def totals(self) -> dict[str, int]:
        return self.stage.watch.ledger().summary()


@contextmanager
def live_console() -> Iterator[Live]:
    """Deploy the stack, open the controls, and read the watch until the block ends."""
    ended = threading.Event()
    with ExitStack() as running:
        console = Console(Hub())
        stage = set_up(running, console)
        console.open(Controls(stage.aws, stage.slack, stage.stack, console.say), "AWS_ENDPOINT_URL=…")
        thread = threading.Thread(target=_watch, args=(stage, ended))
        thread.start()
        try:
            yield Live(stage, console)
        finally:
            ended.set()
            thread.join()


def send_heartbeats_each_minute(stage: Stage) -> None:
    """Let the schedule of the heartbeats run each minute; the template allows five minutes at least."""
    schedules = stage.aws.client("scheduler")
    found = stage.aws.client("cloudformation").describe_stack_resource(
        StackName=stage.stack.name, LogicalResourceId="HeartbeatSchedule"
    )
    schedule = schedules.get_schedule(Name=found["StackResourceDetail"]["PhysicalResourceId"])
    kept = {name: schedule[name] for name in ("Name", "GroupName", "Target", "FlexibleTimeWindow")}
    schedules.update_schedule(**kept, ScheduleExpression="rate(1 minute)")


def _watch(stage: Stage, ended: threading.Event) -> None:
    while not ended.wait(LOOK_EVERY):
        stage.show_news()
