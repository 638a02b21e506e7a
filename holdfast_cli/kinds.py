"""`holdfast kinds`: each kind of event, how it is recognised, its samples, and the line that people read."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from aws_events.record import Record, Source
from holdfast_cli.installation import FILES
from holdfast_cli.options import Json
from notifications.kinds.table import KINDS
from notifications.line import line
from notifications.models import Notification
from notifications.parsing import parse
from record_batch.admission import reason_to_skip

SAMPLES = FILES / "events" / "kinds"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"
"""It gives account and Region to messages that name none."""
TITLES = ("kind", "recognised by", "sample", "status", "severity", "line")


def notification_of(sample: Path) -> Notification:
    """Parse a sample as a message of a topic."""
    return message_notification(sample.read_text(encoding="utf-8"))


def message_notification(text: str) -> Notification:
    """Parse a message of a topic."""
    return parse(Record(source=Source.SQS, message_id="sample", text=text, body=text, topic_arn=TOPIC))


def kinds(*, as_json: Json = False) -> None:
    """Print each kind of event: how it is recognised, its samples, and the line that people read.

    Example:
    holdfast kinds
    """
    rows = [(row.name, str(row.matches), sample, *_read(sample)) for row in KINDS for sample in row.samples]
    if as_json:
        print(json.dumps([dict(zip(TITLES, row, strict=True)) for row in rows], indent=2))
        return
    table = Table(*TITLES[:-1], Column(TITLES[-1], overflow="fold"))
    for row in rows:
        table.add_row(*row)
    Console(width=260).print(table)


def _read(sample: str) -> tuple[str, str, str]:
    """Return status, severity and line."""
    said = notification_of(SAMPLES / sample)
    status = "skipped" if reason_to_skip(said.record) else said.status.value
    return status, said.severity.value if said.severity else "", line(said)
