"""What is known in one batch of the destinations: which may be posted to, which not now, and which not at all."""

from dataclasses import dataclass, field
from typing import Protocol

from aws_events.envelope import Record
from record_batch.circuit import Circuits, Passage
from record_batch.outcome import Later, LaterReason, Outcome
from record_batch.telemetry import logger
from retry_policies import Deadline
from slack_alerts.models import Access, Closed, CredentialsMissing, CredentialsUnavailable

PATIENT_RECEIVES = 3
"""So often a missing secret is waited for: usually a slip in a deployment's order, soon mended."""
ITS_OWN = frozenset({LaterReason.THROTTLED, LaterReason.UNREACHABLE, LaterReason.UNANSWERED})
"""Failures of the destination itself: only these open its circuit."""
NO_SECRET = Closed("no secret", "no_secret")


class Keyring(Protocol):
    """Where access to a destination is found."""

    def find(self, destination: str, deadline: Deadline) -> Access: ...
    def find_again(self, destination: str, deadline: Deadline) -> Access | None: ...


@dataclass(frozen=True, slots=True)
class Open:
    """The destination may be posted to."""

    access: Access
    passage: Passage


type Door = Open | Closed | Later


def is_without_secret(door: Door) -> bool:
    """Whether nothing could be posted there because of us: what Slack may refuse is another matter."""
    match door:
        case Later(LaterReason.SECRET_MISSING | LaterReason.SECRET_UNAVAILABLE):
            return True
        case _:
            return door is NO_SECRET


@dataclass(frozen=True, slots=True)
class Doors:
    """One batch's: a destination that failed, asked for patience or refused is not knocked on again."""

    keyring: Keyring
    circuits: Circuits
    default: str
    known: dict[str, Door] = field(default_factory=dict)

    def find(self, destination: str, record: Record, deadline: Deadline) -> Door:
        """What is known of the destination in this batch, else by its secret and its circuit."""
        if (known := self.known.get(destination)) is not None:
            return known
        door: Door
        try:
            door = self._enter(destination, self.keyring.find(destination, deadline))
        except CredentialsMissing as error:
            logger.error("no secret", extra={"problem": str(error)})
            is_patient = destination == self.default or record.receive_count <= PATIENT_RECEIVES
            return Later(LaterReason.SECRET_MISSING) if is_patient else NO_SECRET  # by each record's own receives
        except CredentialsUnavailable as error:
            logger.error("secret unavailable", extra={"problem": str(error)})
            door = Later(LaterReason.SECRET_UNAVAILABLE)
        self.known[destination] = door
        return door

    def knock(self, destination: str, door: Open) -> Later | None:
        """Before something is sent there: None, or Later where somebody else is trying whether it answers again."""
        later = door.passage.probe()
        if later is not None:
            self.known[destination] = later
        return later

    def find_again(self, destination: str, deadline: Deadline) -> Door | None:
        """Another way in, after the one we had was refused; None if there is none."""
        try:
            access = self.keyring.find_again(destination, deadline)
        except CredentialsUnavailable as error:
            logger.error("secret unavailable", extra={"problem": str(error)})
            return Later(LaterReason.SECRET_UNAVAILABLE)
        return None if access is None else self._enter(destination, access)

    def learn(self, destination: str, door: Open, end: Outcome | Closed, asked: float | None) -> Outcome | Closed:
        """Remember for this batch, and by the circuit for every other, what a post has shown of the destination.

        What failed because of the destination itself is for later by its circuit; `asked` is its Retry-After.
        """
        self.known[destination] = door
        match end:
            case Later(reason) if reason in ITS_OWN:
                end = Later(reason, door.passage.failed(asked, is_busy=reason is LaterReason.THROTTLED))
                self.known[destination] = Later(LaterReason.CIRCUIT_OPEN, end.after)
            case Later():
                self.known[destination] = end
            case Closed():
                door.passage.answered()
                self.known[destination] = end
            case _:
                door.passage.answered()
        return end

    def _enter(self, destination: str, access: Access) -> Open | Later:
        passage = self.circuits.enter(destination, access.version)
        return passage if isinstance(passage, Later) else Open(access, passage)
