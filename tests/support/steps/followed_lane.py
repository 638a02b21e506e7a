"""A lane of alarms between a scripted queue and the channel of a bot."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from aws_events.message_attributes import ATTRIBUTE
from demo.slack.conversations import ChannelMessage
from demo.slack.standin import SlackStandin
from outcomes.outcome import Outcome
from retry_policies import Deadline
from shared_state.index_row import IndexRow
from shared_state.stale_headlines import StaleHeadlines
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.headlines import EditBudget, Headlines
from slack_alerts.delivery.services import Services
from slack_alerts.delivery.thread_services import sweep_threads
from tests.support.samples.events import alarm_message, lane_record
from tests.support.slack.bot import CHANNEL, BotSecrets, BotSlack
from tests.support.steps.lane import Lane

START = 1_769_860_800.0
SAID = re.compile(r"(ALARM|OK|INSUFFICIENT_DATA) (\w+):")


@dataclass(frozen=True)
class Change:
    """A change of an alarm, `at` seconds after START."""

    state: str
    at: float = 0.0
    alarm: str = "cpu"
    mention: str = ""
    follow: str = ""
    remind_after: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.alarm}_{self.state}_{self.at:.0f}"


@dataclass
class FollowedLane(Lane):
    """Each batch of changes is one receive; the alarms of a batch come in the order of the arguments."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.time.now = START + 10
        self.standin = SlackStandin(burst=100, clock=self.time.clock, now=self.time.clock)
        self.bot = BotSlack(self.standin)
        self.bot_secrets = BotSecrets(self.standin)
        self.changes: dict[str, Change] = {}
        self.stale = StaleHeadlines(IndexRow(rows=self.rows, key="headlines#stale", clock=self.time.clock))
        self.budget = EditBudget(self.time.clock)
        self.edits_messages = True

    def services(self) -> Services:
        services = super().services()
        return replace(
            services,
            post=self.bot.post,
            edits_messages=self.edits_messages,
            destinations=Destinations(self.bot_secrets, "default"),
            headlines=lambda: Headlines(services.threads(), self.stale, self.bot.update, self.budget),
        )

    def sweep(self, seconds: float = 60.0) -> None:
        """Edit the messages that earlier edits have left behind."""
        sweep_threads(self.services(), Deadline.after(seconds, clock=self.time.clock))

    def tell(self, *changes: Change, seconds: float = 25.0) -> list[Outcome]:
        """Work one batch; return its outcomes."""
        self.changes |= {one.name: one for one in changes}
        outcomes = self.receive(*(one.name for one in changes), seconds=seconds)
        self.time.now += 60.0
        return [outcome for _, outcome in outcomes]

    def record(self, name: str, number: int, lane: str, queued_at: float, hop: int) -> dict[str, Any]:
        record, change = super().record(name, number, lane, queued_at, hop), self.changes[name]
        facts = json.loads(record["messageAttributes"][ATTRIBUTE]["stringValue"])
        facts |= {"mention": change.mention, "follow": change.follow, "remind_after": change.remind_after}
        body = alarm_message(
            AlarmName=change.alarm,
            NewStateValue=change.state,
            NewStateReason=f"name={name}",
            StateChangeTime=datetime.fromtimestamp(START + change.at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        )
        ours = {ATTRIBUTE: {"dataType": "String", "stringValue": json.dumps(facts)}}
        return {**record, "body": lane_record(body)["body"], "messageAttributes": ours}

    def history(self) -> list[ChannelMessage]:
        return self.standin.history(CHANNEL)

    def told(self) -> list[str]:
        """Return each message: `ALARM cpu`, a reply with `>`, a reply that the channel shows with `>>`."""
        return [_mark(one) + " + ".join(said(one)) for one in self.history()]

    def shown(self) -> list[str]:
        """Return the headline of each first message as the channel shows it, and the line below it."""
        return [_headline(one.shown.blocks) for one in self.history() if not one.thread_ts]

    def threads(self) -> list[list[str]]:
        """Return each thread: the first message and its replies."""
        roots = [one for one in self.history() if not one.thread_ts]
        return [_thread(root, self.history()) for root in roots]


def _thread(root: ChannelMessage, messages: Sequence[ChannelMessage]) -> list[str]:
    return [" + ".join(said(one)) for one in messages if root.ts in {one.ts, one.thread_ts}]


def _headline(blocks: Sequence[Any]) -> str:
    header = next(block["text"]["text"] for block in blocks if block["type"] == "header")
    lines = [element["text"] for block in blocks if block["type"] == "context" for element in block["elements"]]
    return ": ".join([header, *lines])


def _mark(one: ChannelMessage) -> str:
    return (">> " if one.is_broadcast else "> ") if one.thread_ts else ""


def said(one: ChannelMessage) -> list[str]:
    """Return the changes that a message tells, each as its state and its alarm."""
    return [f"{state} {alarm}" for state, alarm in SAID.findall(one.posting.text)]
