"""A lane's destination -> access to it, or the reason that nothing can be posted."""

from dataclasses import dataclass
from typing import Protocol

from observability.telemetry import logger
from outcomes.outcome import Later, LaterReason
from retry_policies import Deadline
from shared_state.lane_state import LaneState
from slack_alerts.models import Access, ClosedDestination, CredentialsMissing, CredentialsUnavailable

PATIENT_FOR = 300.0
"""Seconds for which a lane waits for a missing secret; it is often created after the stack."""
NO_SECRET = ClosedDestination("no secret", "no_secret")


class CredentialStore(Protocol):
    """The store of access to destinations."""

    def find(self, destination: str, deadline: Deadline) -> Access: ...
    def find_newer(self, destination: str, deadline: Deadline) -> Access | None: ...


@dataclass(frozen=True, slots=True)
class Destinations:
    """All destinations."""

    credential_store: CredentialStore
    default: str

    def find(self, destination: str, lane: LaneState, deadline: Deadline) -> Access | ClosedDestination | Later:
        """Return the access; Later if the secret cannot be read, or is missing and may still be created."""
        try:
            return self.credential_store.find(destination, deadline)
        except CredentialsMissing as error:
            logger.error("no secret", extra={"problem": str(error)})
            is_patient = destination == self.default or lane.without_secret_for < PATIENT_FOR
            return Later(LaterReason.SECRET_MISSING) if is_patient else NO_SECRET
        except CredentialsUnavailable as error:
            logger.error("secret unavailable", extra={"problem": str(error)})
            return Later(LaterReason.SECRET_UNAVAILABLE, error.retry_after)

    def find_newer(self, destination: str, deadline: Deadline) -> Access | Later | None:
        """Return newer credentials after Slack refused the current ones; None if there are none."""
        try:
            return self.credential_store.find_newer(destination, deadline)
        except CredentialsUnavailable as error:
            logger.error("secret unavailable", extra={"problem": str(error)})
            return Later(LaterReason.SECRET_UNAVAILABLE, error.retry_after)
