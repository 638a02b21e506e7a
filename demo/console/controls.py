"""The controls of the page: send alerts, break parts of the pipeline, and redrive."""

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from demo.channels import CHANNELS, PREFIXES
from demo.console.table_fault import TableFault
from demo.processes import kill_client_of
from demo.slack.standin import SlackStandin
from demo.state_change import publish_all
from holdfast_cli.samples import ACTIONS, fresh, samples
from holdfast_cli.stack import Stack

MOST_ALERTS = 1_000
QUEUES = ("dead_letters", "parking")
KILLED_WITHIN = 60.0
LOOK_EVERY = 0.02
KILLER = "killer"
"""Name of the thread that kills the function."""
ANSWER_TAKES = 3.0
"""Seconds until Slack answers; during them the function is killed."""


class Aws(Protocol):
    """The part of the local AWS that the controls use."""

    endpoint: str

    @property
    def client(self) -> Any: ...  # noqa: ANN401 - boto3 types its clients by name


@dataclass
class Controls:
    """Each method is a command; it returns a line for the log, and raises ValueError for wrong arguments."""

    aws: Aws
    slack: SlackStandin
    stack: Stack
    say: Callable[[str], None]
    """Add a line to the log later."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def commands(self) -> Mapping[str, Callable[..., str]]:
        """Return the commands by name."""
        return {
            "send": self.send,  # {"sample": "kinds/alarm-metric.json"}
            "storm": self.storm,  # {"alerts": 100, "channels": 3}
            "kill": self.kill,  # {}
            "table": self.table.switch,  # {"down": true}
            "redrive": self.redrive,  # {"queue": "dead_letters"} or {"queue": "parking"}
            "reset": self.reset,  # {}
        }

    @cached_property
    def table(self) -> TableFault:
        """The fault of the table."""
        return TableFault(self.aws.client("iam"), self.aws.client("lambda"), self.stack)

    def send(self, sample: str) -> str:
        """Publish a sample as if it happened now."""
        if sample not in samples():
            raise ValueError(f"there is no sample {sample[:80]}")
        topics = {ACTIONS: self.stack.outputs["ActionsTopicArn"]}
        messages = samples()[sample].messages
        for topic, message in messages:
            arn = topics.get(topic, self.stack.alerts_topic_arn)
            self.aws.client("sns").publish(TopicArn=arn, Message=fresh(message))
        return f"sent {sample}" + (f": {len(messages)} messages" if len(messages) > 1 else "")

    def storm(self, alerts: int, channels: int) -> str:
        """Publish that many alarms, spread over that many channels."""
        if not (1 <= alerts <= MOST_ALERTS and 1 <= channels <= len(CHANNELS)):
            raise ValueError(f"1 to {MOST_ALERTS} alerts over 1 to {len(CHANNELS)} channels")
        run = secrets.token_hex(2)
        names = [f"{PREFIXES[CHANNELS[number % channels]]}-{run}-{number + 1}" for number in range(alerts)]
        publish_all(self.aws.client("sns"), self.stack.alerts_topic_arn, names)
        return f"published {alerts} alarms for {', '.join(CHANNELS[:channels])}"

    def kill(self) -> str:
        """Let the next post be answered slowly, and kill the function that waits for the answer."""
        before = len(self.slack.since(0))
        self.slack.script([{"slow": ANSWER_TAKES}])
        threading.Thread(target=self._kill_next, args=(before, self._ended), name=KILLER, daemon=True).start()
        return "the function dies during its next post: send an alert"

    def redrive(self, queue: str) -> str:
        """Invoke redrive as its schedule or `make redrive` does, and say what it moved."""
        if queue not in QUEUES:
            raise ValueError(f"use one of {', '.join(QUEUES)}")
        name = self.stack.outputs["RedriveFunctionName"]
        event = json.dumps({"queue": queue, "dry_run": False}).encode()
        report = json.loads(self.aws.client("lambda").invoke(FunctionName=name, Payload=event)["Payload"].read())
        if "stopped" not in report:
            raise ValueError(f"redrive of {queue} failed: {report.get('errorMessage', 'no report')}")
        ends = [f"{number} {end}" for end, number in report.items() if isinstance(number, int) and number]
        return f"redrive of {queue}: {', '.join(ends) or 'nothing to move'}, {report['stopped']}"

    def reset(self) -> str:
        """Switch all faults off, and empty the channels."""
        self.close()
        self._ended = threading.Event()
        self.table.switch(down=False)
        self.slack.reset()
        return "all faults are off, and the channels are empty; the counters keep everything"

    def close(self) -> None:
        """Cancel a kill that waits for its post."""
        self._ended.set()

    def _kill_next(self, before: int, ended: threading.Event) -> None:
        for _ in range(round(KILLED_WITHIN / LOOK_EVERY)):
            if ended.wait(LOOK_EVERY):
                return
            if len(self.slack.since(before)) and kill_client_of(self.slack.url, started_by=self.aws.endpoint):
                self.say("killed the function during its post; SQS delivers the alert again")
                return
        self.say("no post came within a minute: nothing was killed")
