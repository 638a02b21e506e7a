"""The claims that one batch of a lane holds: each ends once, at the latest with the batch."""

from dataclasses import dataclass, field

from aws_events.envelope import Record
from aws_events.message_attributes import read_facts
from notifications.parsing import parse
from outcomes.outcome import Duplicate, Later
from shared_state.claims import Claim, Claims
from shared_state.rows import Row
from slack_alerts.models import Alert


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """A record and its claim."""

    record: Record
    claim: Claim

    @property
    def was_moved(self) -> bool:
        """Whether the alert was sent to the end of its lane after its last try."""
        return (self.record.queued_at or 0.0) >= self.claim.last_try

    def parse(self) -> Alert:
        facts = read_facts(self.record)
        notification = parse(self.record, as_text=facts.as_text).in_account(facts.account_name)
        return Alert(notification, facts.mention, facts.note, self.claim.is_doubtful)


@dataclass(slots=True)
class OpenClaims:
    """The claims of one lane that have not ended."""

    claims: Claims
    lane: str
    open: list[Claim] = field(default_factory=list)

    def read(self, record: Record) -> Row | None:
        """Return the row of the alert without claiming it."""
        return self.claims.read(self.lane, identity_of(record))

    def claim(self, record: Record, *, is_alone: bool = False) -> ClaimedAlert | Duplicate | Later:
        """Claim the alert; return its outcome instead if it cannot be claimed."""
        claim = self.claims.claim(self.lane, identity_of(record), read_facts(record).hop, is_alone=is_alone)
        if not isinstance(claim, Claim):
            return claim
        self.open.append(claim)
        return ClaimedAlert(record, claim)

    def take(self, one: ClaimedAlert) -> Claim:
        """Remove the claim from the open ones and return it: the caller ends it."""
        self.open = [other for other in self.open if other is not one.claim]
        return one.claim

    def release_all(self) -> None:
        """Free the open claims, whose alerts were not tried."""
        while self.open:
            self.open.pop(0).release_untried()


def identity_of(record: Record) -> str:
    """Return the identity that intake parsed; a second delivery of the alert has the same."""
    facts = read_facts(record)
    return facts.identity or record.sns_message_id or facts.alert_id
