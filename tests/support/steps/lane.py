"""One lane between a scripted queue and a scripted Slack; batch loop, delivery and claims are real."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

from botocore.exceptions import EndpointConnectionError

from aws_events.message_attributes import ATTRIBUTE
from aws_events.record import Record
from outcomes.outcome import Delivered, Outcome
from record_batch.lane_batch import LaneResources
from record_batch.lane_queue import LaneQueue
from record_batch.lane_step import ContinueAlone, Outcomes
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE, SLACK_WEBHOOK
from retry_policies.slack_api import classify_api
from retry_policies.testing import FakeTime, longest, shortest
from shared_state.alarm_threads import AlarmThreads
from shared_state.claim_rows import claim_key
from shared_state.claims import Claim, Claims
from shared_state.index_row import IndexRow
from shared_state.lane_state import LaneStates
from shared_state.memory_rows import MemoryRows
from shared_state.open_alarms import OpenAlarms
from shared_state.rows import Row, SharedRows
from slack_alerts.delivery.delivery import deliver
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.failures import classify
from slack_alerts.delivery.services import Services
from slack_alerts.formatting.message import PLAIN
from slack_alerts.models import (
    DOUBT,
    Access,
    Credentials,
    Refused,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
    Webhook,
)
from slack_alerts.slack.answers import webhook_refusal
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import LANES_ARN, lane_record

LEASE = 45.0
RESERVE = 5.0
LANE_TIME = 10.0
DELIVERED = Delivered()
NAME = re.compile(r"name=(\w+)")


def answered(status: int, body: str = "", retry_after: float | None = None) -> SlackRefused:
    """Return the error for this answer of a webhook."""
    error = webhook_refusal(status, body.encode(), retry_after)
    assert error is not None
    return error


NOT_SENT = SlackUnreachable(sent=False)
NO_ANSWER = SlackUnreachable(sent=True)
UNTRUSTED = SlackUnreachable(sent=False, is_untrusted=True)
GONE = answered(404, "no_service")
BUSY = answered(503)
BROKEN = answered(500)
BAD_BLOCKS = answered(400, "invalid_blocks")
ODD = answered(200, "<html>")
EXPIRED = SlackRefused(classify_api(200, "token_expired"), Refused.DESTINATION)
"""The answer of the Web API to a rotated token that was not renewed."""


def not_needed() -> NoReturn:
    raise AssertionError("webhooks have no message to edit")


@dataclass
class ScriptedSlack:
    """A Slack that answers from `answers`, then by the alert's name, then by destination, else with success."""

    time: FakeTime
    journal: list[str]
    answers: list[Exception | None] = field(default_factory=list)
    by_name: dict[str, Exception] = field(default_factory=dict)
    always: dict[str, Exception] = field(default_factory=dict)
    takes: float = 0.0
    """Seconds of a post."""
    timeouts: list[float] = field(default_factory=list)
    posted_at: list[float] = field(default_factory=list)

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        assert isinstance(credentials, Webhook)
        names = NAME.findall(message.text)
        marks = [word for word, text in (("plain", PLAIN), ("doubtful", DOUBT)) if text in message.text]
        self.journal.append(" ".join(["post", credentials.url, *names, *marks]))
        self.timeouts.append(timeout)
        self.posted_at.append(self.time.now)
        self.time.now += self.takes
        named = next((self.by_name[name] for name in names if name in self.by_name), None)
        answer = self.answers.pop(0) if self.answers else named or self.always.get(credentials.url)
        if answer is not None:
            raise answer


@dataclass
class ScriptedSecrets:
    """A credential store with a webhook for each destination, errors, and newer webhooks."""

    errors: dict[str, Exception] = field(default_factory=dict)
    errors_again: dict[str, Exception] = field(default_factory=dict)
    newer: dict[str, str] = field(default_factory=dict)
    read_again: list[str] = field(default_factory=list)

    def find(self, destination: str, _deadline: Deadline) -> Access:
        if destination in self.errors:
            raise self.errors[destination]
        return Access(Webhook(destination), "1")

    def find_newer(self, destination: str, _deadline: Deadline) -> Access | None:
        self.read_again.append(destination)
        if destination in self.errors_again:
            raise self.errors_again[destination]
        return Access(Webhook(self.newer[destination]), "2") if destination in self.newer else None


@dataclass
class ScriptedSqs:
    """A client of LanesQueue and ParkingQueue."""

    journal: list[str]
    hidden: dict[str, int] = field(default_factory=dict)
    """Seconds by message id, of the last batch."""
    sent: list[Mapping[str, Any]] = field(default_factory=list)
    parked: list[Mapping[str, Any]] = field(default_factory=list)
    is_full: bool = False
    """Whether both queues refuse messages."""

    def send_message_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        if self.is_full:
            return {"Failed": [{"Id": entry["Id"], "Code": "OverLimit", "SenderFault": True} for entry in Entries]}
        self.sent += Entries
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def delete_message_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        self.journal.append(" ".join(["delete", *(entry["ReceiptHandle"] for entry in Entries)]))
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def change_message_visibility_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        self.hidden |= {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries}
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def send_message(self, **request: object) -> object:
        if self.is_full:
            raise EndpointConnectionError(endpoint_url="https://sqs.example.com")
        self.parked.append(request)
        return {}


@dataclass
class Lane:
    """Each `receive` is a batch; an alert's name is its identity and its receipt handle."""

    time: FakeTime = field(default_factory=lambda: FakeTime(1000.0))
    journal: list[str] = field(default_factory=list)
    """Posts and deletions in their order."""
    rows: SharedRows = field(default_factory=MemoryRows)
    secrets: ScriptedSecrets = field(default_factory=ScriptedSecrets)
    unanswered_limit: int = 5
    digest_from: int = 3
    note: str = ""
    """The note of each alert."""
    ops_lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.slack = ScriptedSlack(self.time, self.journal)
        self.queues = ScriptedSqs(self.journal)

    def receive(
        self,
        *names: str,
        to: str = "team",
        seconds: float = 25.0,
        age: float = 60.0,
        queued_at: float | None = None,
        hop: int = 0,
    ) -> list[tuple[str, Outcome]]:
        """Work one batch of these alerts; return the outcomes that the delivery yielded, each with its alert's name."""
        published = self.time.now - age if queued_at is None else queued_at
        records = [self.record(name, number, to, published, hop) for number, name in enumerate(names or "a")]
        ends: list[tuple[str, Outcome]] = []

        def step(lane: str, batch: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
            steps, sent = deliver(self.services(), lane, batch, deadline), None
            with closing(steps), suppress(StopIteration):
                while True:
                    one = steps.send(sent)
                    if not isinstance(one, ContinueAlone):
                        ends.append((NAME.findall(one[0].body)[0], one[1]))
                    sent = yield one

        self.queues.hidden.clear()
        run_lanes({"Records": records}, FixedContext(seconds + RESERVE), step, self.resources(), clock=self.time.clock)
        return ends

    def record(self, name: str, number: int, lane: str, queued_at: float, hop: int) -> dict[str, Any]:
        made = lane_record(f"name={name}", number, lane)
        attributes = made["attributes"] | {"SentTimestamp": str(round(queued_at * 1000))}
        facts = json.dumps(
            {"alert_id": f"first id of {name}-{number}", "hop": hop, "identity": name, "note": self.note}
        )
        ours = {ATTRIBUTE: {"dataType": "String", "stringValue": facts}}
        ids = {"messageId": f"{name}-{number}", "receiptHandle": name}
        return {**made, **ids, "attributes": attributes, "messageAttributes": ours, "eventSourceARN": LANES_ARN}

    def services(self) -> Services:
        return Services(
            destinations=Destinations(self.secrets, "default"),
            lanes=LaneStates(
                rows=self.rows,
                first_pause=5.0,
                pause_cap=60.0,
                doubt_pause_cap=900.0,
                clock=self.time.clock,
                uniform=shortest,
            ),
            threads=lambda: AlarmThreads(rows=self.rows, clock=self.time.clock),
            open_alarms=lambda: OpenAlarms(IndexRow(rows=self.rows, key="reminders#open", clock=self.time.clock)),
            edits_messages=True,
            headlines=not_needed,
            claims=self.claims,
            post=self.slack.post,
            policy=SLACK_WEBHOOK.with_(
                classifier=classify, min_attempt_time=4.0, clock=self.time.clock, sleep=self.time.sleep, uniform=longest
            ),
            digest_from=self.digest_from,
            post_interval=1.0,
            notify_ops=lambda _about, line, _deadline: self.ops_lines.append(line),
            clock=self.time.clock,
            monotonic=self.time.clock,
            sleep=self.time.sleep,
        )

    def resources(self) -> LaneResources:
        policy = AWS_WRITE.with_(repeatable=True, clock=self.time.clock, sleep=lambda _: None)
        return LaneResources(
            lanes=LaneQueue(
                sqs=self.queues,
                url="https://sqs.example.com/lanes.fifo",
                overflow=Overflow(MemoryRows()),
                policy=policy,
            ),
            parking=Parking(self.queues, "https://sqs.example.com/parking", Overflow(MemoryRows())),
            reserve=RESERVE,
            lane_time=LANE_TIME,
            crash_pause=LEASE,
            default_lane="default",
        )

    @property
    def claims(self) -> Claims:
        return Claims(rows=self.rows, lease=LEASE, unanswered_limit=self.unanswered_limit, clock=self.time.clock)

    def claim(self, name: str = "a", at: str = "team", hop: int = 0, *, is_alone: bool = False) -> Claim:
        """Claim the alert as another invocation does."""
        claim = self.claims.claim(at, name, hop, is_alone=is_alone)
        assert isinstance(claim, Claim)
        return claim

    def crash(self, name: str = "a", *, is_alone: bool = False) -> None:
        """Claim the alert and let the lease lapse."""
        self.claim(name, is_alone=is_alone)
        self.time.now += LEASE

    def fail(self, name: str = "a", *, times: int = 5, over: float = 600.0, is_answered: bool = True) -> None:
        """Let the alert fail this many times, spread over this many seconds."""
        for number in range(times):
            self.claim(name).fail(is_answered=is_answered)
            self.time.now += over / (times - 1) if number < times - 1 else 0.0

    def put_in_doubt(self) -> None:
        """Let two batches of another alert go unanswered, so that the lane is in doubt."""
        for _ in range(2):
            self.slack.answers = [NO_ANSWER]
            self.receive("other")
        self.journal.clear()

    def row(self, name: str = "a", at: str = "team") -> Row:
        row = self.rows.read(claim_key(at, name))
        assert row is not None
        return row

    def states(self, *names: str, at: str = "team") -> list[str]:
        """Return the state of each alert's row; "" for none."""
        rows = [self.rows.read(claim_key(at, name)) for name in names]
        return ["" if row is None else row.state.value for row in rows]

    @property
    def posts(self) -> list[str]:
        """The destination, names and marks of each post."""
        return [line.removeprefix("post ") for line in self.journal if line.startswith("post ")]

    @property
    def sent(self) -> list[tuple[str, str, int, str]]:
        """The (lane, name, hop, note) of each message that was sent to a lane."""
        sent = []
        for one in self.queues.sent:
            facts = json.loads(one["MessageAttributes"][ATTRIBUTE]["StringValue"])
            sent.append((one["MessageGroupId"], NAME.findall(one["MessageBody"])[0], facts["hop"], facts["note"]))
        return sent
