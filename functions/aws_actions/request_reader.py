"""Record -> the request in its message or from its alarm's rule; else an alarm without a rule, or the outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aws_actions.models import AlarmWithoutRule, Request, RulesUnavailable
from aws_actions.parsing import parse
from aws_actions.rules.rulebook import Rulebook
from aws_events.message_attributes import read_facts
from aws_events.record import Record
from aws_events.strict_json import Invalid
from outcomes.outcome import Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import Deadline


@dataclass(frozen=True, slots=True)
class RequestReader:
    """Reads requests from records."""

    rulebook: Callable[[], Rulebook]
    """Called for alarms only: other messages need no rules."""

    def read(self, record: Record, deadline: Deadline) -> Request | AlarmWithoutRule | Outcome:
        """Return the request. A record without a time of its publication counts as expired."""
        facts = read_facts(record)
        key = record.sns_message_id or facts.alert_id
        sent_at = datetime.fromtimestamp(facts.sent_at or 0, UTC)
        try:
            message = parse(record, key=key, sent_at=sent_at)
            if isinstance(message, Request):
                return message
            rule = self.rulebook().find(message, deadline)
            key = message.identity or key
            return AlarmWithoutRule(key) if rule is None else rule.request(message, key=key, sent_at=sent_at)
        except Invalid as problem:
            return Park(ParkReason.INVALID_REQUEST, str(problem))
        except RulesUnavailable:
            return Later(LaterReason.RULES_UNAVAILABLE)
