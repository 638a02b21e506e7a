"""`make kinds`: each kind of event, how it is recognised, its samples, and the line that people read."""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from aws_events.envelope import Record, Source
from holdfast_cli.sam import ROOT
from notifications.kinds.table import KINDS
from notifications.line import line
from notifications.models import Notification
from notifications.parsing import parse
from record_batch.admission import reason_to_skip

SAMPLES = ROOT / "events" / "kinds"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"
"""It gives account and Region to messages that name none."""


def notification_of(sample: Path) -> Notification:
    """Parse a sample as a message of a topic."""
    text = sample.read_text(encoding="utf-8")
    return parse(Record(source=Source.SQS, message_id="sample", text=text, body=text, topic_arn=TOPIC))


def main() -> int:
    table = Table("kind", "recognised by", "sample", "status", "severity", Column("line", overflow="fold"))
    for row in KINDS:
        for sample in row.samples:
            said = notification_of(SAMPLES / sample)
            severity = said.severity.value if said.severity else ""
            status = "skipped" if reason_to_skip(said.record) else said.status.value
            table.add_row(row.name, str(row.matches), sample, status, severity, line(said))
    Console(width=260).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
