"""A record whose alert this invocation has claimed."""

from dataclasses import dataclass

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from notifications.parsing import parse
from shared_state.claims import Claim
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
        return Alert(
            notification,
            facts.mention,
            facts.note,
            self.claim.is_doubtful,
            remind_after=facts.remind_after * 3600.0,
            is_followed=facts.follow != "off",
            is_updated=facts.follow in {"", "update"},
        )


def identity_of(record: Record) -> str:
    """Return the identity that intake parsed; a second delivery of the alert has the same."""
    facts = read_facts(record)
    return facts.identity or record.sns_message_id or facts.alert_id
