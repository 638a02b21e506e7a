"""End heartbeats and test alarms: they are counted and never posted."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from aws_events.record import Record
from notifications.self_tests import HEARTBEAT
from observability.telemetry import count, logger
from outcomes.outcome import Outcome, Skipped, SkipReason
from retry_policies import Deadline
from retry_policies.deadline import Clock
from shared_state.last_success import LastSuccess
from slack_alerts.delivery.destinations import CredentialStore
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable

MISSING_AFTER = 26 * 3600.0
"""Seconds since the last test alarm after which the daily one counts as missing."""


@dataclass(frozen=True, slots=True)
class SelfTestLane:
    """The lane of self-tests; `clock` is the wall clock."""

    credential_store: CredentialStore
    default: str
    last_heartbeat: LastSuccess
    last_test_alarm: LastSuccess
    is_expected: bool
    """Whether the stack has a test alarm."""
    clock: Clock = time.time

    def end(self, records: Sequence[Record], deadline: Deadline) -> Generator[tuple[Record, Outcome]]:
        """Yield each record with its outcome. A self-test fails if the default destination has no readable secret."""
        for record in records:
            is_heartbeat = record.text == HEARTBEAT
            if is_heartbeat:
                self._check_test_alarm()
            else:
                self.last_test_alarm.record()
            if self._has_secret(deadline):
                yield record, Skipped(SkipReason.HEARTBEAT if is_heartbeat else SkipReason.TEST_ALARM)
            else:
                yield record, Skipped(SkipReason.SELF_TEST_FAILED)

    def _check_test_alarm(self) -> None:
        """Count a missing test alarm. The first heartbeat, or the first after a long silence, starts the 26 hours."""
        if not self.is_expected:
            return
        oldest = self.clock() - MISSING_AFTER
        has_begun = self.last_heartbeat.at() > oldest and self.last_test_alarm.at() > 0.0
        self.last_heartbeat.record()
        if not has_begun:
            self.last_test_alarm.record()
        elif self.last_test_alarm.at() < oldest:
            count("TestAlarmMissing")

    def _has_secret(self, deadline: Deadline) -> bool:
        try:
            self.credential_store.find(self.default, deadline)
        except (CredentialsMissing, CredentialsUnavailable) as error:
            logger.error("no secret", extra={"problem": str(error)})
            return False
        return True
