"""The alarms that tell operations of a fault of our own, over the metrics that the functions print in virtual time."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field

from notifications.self_tests import HEARTBEAT
from tests.support.virtual.alert_messages import sns_envelope
from tests.support.virtual.silence import METRICS_DISABLED
from tests.support.virtual.slack_alerts import SlackAlerts

HEARTBEATS = 900.0
"""Seconds between two heartbeats, as HeartbeatRate has it."""
PERIOD = 300.0
"""Seconds of one period of OwnFaultsAlarm, IntakeOwnFaultsAlarm and ClaimsBypassedAlarm."""
SILENCE = 3600.0
"""Seconds without a heartbeat after which HeartbeatMissingAlarm rings."""


@dataclass(slots=True)
class OperatorAlarms:
    """Sends heartbeats, reads what is printed, and knows when the first alarm rang."""

    stack: SlackAlerts
    until: float
    told_at: float = float("inf")
    """Seconds since the world began."""
    _faults: set[int] = field(default_factory=set)
    """Periods in which a fault of our own was counted."""
    _heartbeat_at: float = 0.0

    def __post_init__(self) -> None:
        world = self.stack.world
        for number in range(int(self.until / HEARTBEATS)):
            body = sns_envelope(HEARTBEAT, f"heartbeat-{number}")
            world.at(number * HEARTBEATS, lambda body=body: self.stack.alerts.send(body))  # type: ignore[misc]
        for number in range(int(self.until / PERIOD)):
            world.at((number + 1) * PERIOD, self._look)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Read the metrics of everything that runs inside."""
        before = os.environ.get(METRICS_DISABLED)
        os.environ[METRICS_DISABLED] = "false"
        try:
            with redirect_stdout(_Metrics(self.hear)):
                yield
        finally:
            if before is None:
                del os.environ[METRICS_DISABLED]
            else:
                os.environ[METRICS_DISABLED] = before

    def hear(self, line: str) -> None:
        """Take a line in CloudWatch's embedded metric format."""
        now = self.stack.world.now
        if '"reason": "heartbeat"' in line or '"reason":"heartbeat"' in line:
            self._heartbeat_at = now
        if '"OwnFaults"' in line:
            self._faults.add(int(now / PERIOD))
        if '"ClaimsBypassed"' in line:
            self._ring()

    def _look(self) -> None:
        """Evaluate at the end of a period: 2 of the last 3, or an hour without a heartbeat."""
        now = self.stack.world.now
        latest = int(now / PERIOD) - 1
        if len(self._faults & {latest, latest - 1, latest - 2}) > 1 or now - self._heartbeat_at >= SILENCE:
            self._ring()

    def _ring(self) -> None:
        self.told_at = min(self.told_at, self.stack.world.now)


class _Metrics(io.TextIOBase):
    def __init__(self, hear: object) -> None:
        self._hear = hear

    def write(self, text: str) -> int:
        self._hear(text)  # type: ignore[operator]
        return len(text)
