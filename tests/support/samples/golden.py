"""The messages that the samples of events/kinds become, in files that a reviewer can read.

`python -m tests.support.samples.golden` writes them again after an intended change.
"""

import json
from pathlib import Path

from aws_events.strict_json import Json
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Notification
from slack_alerts.formatting.message import format_message
from slack_alerts.models import Alert

GOLDEN = Path(__file__).parents[3] / "tests" / "golden"
NOW = 1769825700.0
"""A minute after the time of the samples, so that none is late."""


def message_of(sample: Path) -> dict[str, Json]:
    """Return line and content of the message that a sample becomes."""
    return content_of(notification_of(sample))


def content_of(said: Notification) -> dict[str, Json]:
    return {"line": line(said), **format_message(Alert(said), clock=lambda: NOW).content}


def write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for sample in sorted(SAMPLES.iterdir()):
        text = json.dumps(message_of(sample), indent=1, ensure_ascii=False)
        (GOLDEN / f"{sample.name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
