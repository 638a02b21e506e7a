"""A change of an alarm in a virtual stack."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from aws_events.alarm_parsing import read_alarm
from tests.support.samples.events import alarm_message

START = 1_500_000_000.0


@dataclass(frozen=True)
class AlarmChange:
    """A change of state, `at` seconds after START by CloudWatch's clock."""

    alarm: str
    state: str
    at: float

    def message(self, reason: str = "") -> str:
        """Return CloudWatch's message. The reason is in the text of the post: of an ALARM, and without a rule."""
        changed_at = datetime.fromtimestamp(START + self.at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        changes = {"AlarmName": self.alarm, "NewStateValue": self.state, "NewStateReason": reason}
        message = json.loads(alarm_message(**changes, StateChangeTime=changed_at, AlarmDescription=""))
        if self.state != "ALARM":
            del message["Trigger"]
        return json.dumps(message)

    @property
    def identity(self) -> str:
        return read_alarm(json.loads(self.message())).identity
