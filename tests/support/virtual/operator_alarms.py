"""The CloudWatch alarms for faults of our own, evaluated over the metrics that the functions print in virtual time."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from unittest.mock import patch

from notifications.self_tests import HEARTBEAT
from tests.support.virtual.alert_messages import sns_envelope
from tests.support.virtual.silence import METRICS_DISABLED
from tests.support.virtual.slack_alerts import SlackAlerts

HEARTBEATS = 900.0
"""Seconds between two heartbeats, as HeartbeatRate has it."""
PERIOD = 300.0
"""Seconds of one period of OwnFaultsAlarm, IntakeOwnFaultsAlarm and ClaimsBypassedAlarm."""
SILENCE = 3600.0
"""Seconds without a heartbeat after which HeartbeatMissingAlarm goes off."""


@dataclass(slots=True)
class OperatorAlarms:
    """Publishes heartbeats, reads printed metrics, and records when the first alarm goes off."""

    stack: SlackAlerts
    until: float
    first_alarm_at: float = float("inf")
    _faults: set[int] = field(default_factory=set)
    """Periods with a fault of our own."""
    _heartbeat_at: float = 0.0

    def __post_init__(self) -> None:
        world = self.stack.world
        for number in range(int(self.until / HEARTBEATS)):
            body = sns_envelope(HEARTBEAT, f"heartbeat-{number}")
            world.at(number * HEARTBEATS, lambda body=body: self.stack.alerts.send(body))  # type: ignore[misc]
        for number in range(int(self.until / PERIOD)):
            world.at((number + 1) * PERIOD, self._evaluate)

    @contextmanager
    def reading_metrics(self) -> Iterator[None]:
        """Read the metrics that are printed in this context."""
        with patch.dict(os.environ, {METRICS_DISABLED: "false"}), redirect_stdout(_Metrics(self.read)):
            yield

    def read(self, line: str) -> None:
        """Read a line of CloudWatch's embedded metric format."""
        now = self.stack.world.now
        if '"reason": "heartbeat"' in line or '"reason":"heartbeat"' in line:
            self._heartbeat_at = now
        if '"OwnFaults"' in line:
            self._faults.add(int(now / PERIOD))
        if '"ClaimsBypassed"' in line:
            self._go_off()

    def _evaluate(self) -> None:
        """Go off for faults in 2 of the last 3 periods, or after an hour without a heartbeat."""
        now = self.stack.world.now
        latest = int(now / PERIOD) - 1
        if len(self._faults & {latest, latest - 1, latest - 2}) > 1 or now - self._heartbeat_at >= SILENCE:
            self._go_off()

    def _go_off(self) -> None:
        self.first_alarm_at = min(self.first_alarm_at, self.stack.world.now)


class _Metrics(io.TextIOBase):
    def __init__(self, read_line: Callable[[str], None]) -> None:
        self._read_line = read_line

    def write(self, text: str) -> int:
        self._read_line(text)
        return len(text)
