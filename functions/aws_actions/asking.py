"""Record -> the request that it is, or that a rule makes of its alarm; an alarm without a rule; or its outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aws_actions.models import Request, RulesUnavailable, Unruled
from aws_actions.parsing import parse
from aws_actions.rules.rulebook import Rulebook
from aws_events.envelope import Record
from aws_events.message_attributes import read_facts
from aws_events.strict_json import Invalid
from outcomes.outcome import Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import Deadline


@dataclass(frozen=True, slots=True)
class Asking:
    """What records ask for."""

    rulebook: Callable[[], Rulebook]
    """Asked of alarms only: what is asked for by messages alone pays for none."""

    def ask(self, record: Record, deadline: Deadline) -> Request | Unruled | Outcome:
        """A record that cannot tell when it was sent is as old as can be."""
        before = read_facts(record)
        key = record.sns_message_id or before.alert_id
        sent_at = datetime.fromtimestamp(before.sent_at or 0, UTC)
        try:
            asked = parse(record, key=key, sent_at=sent_at)
            if isinstance(asked, Request):
                return asked
            rule = self.rulebook().find(asked, deadline)
            key = asked.identity or key
            return Unruled(key) if rule is None else rule.request(asked, key=key, sent_at=sent_at)
        except Invalid as problem:
            return Park(ParkReason.INVALID_REQUEST, str(problem))
        except RulesUnavailable:
            return Later(LaterReason.RULES_UNAVAILABLE)
