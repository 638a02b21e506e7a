"""A rule: a match for alarms, and the call for those that fit it (docs/actions.md)."""

from dataclasses import dataclass, replace
from datetime import datetime

from aws_actions.models import Call, Request
from aws_actions.rules.placeholders import fill
from aws_actions.tokens import idempotency_token
from aws_events.alarm import Alarm, AlarmState
from aws_events.alarm_match import AlarmMatch
from aws_events.severity import severity_of, words_of
from aws_events.strict_json import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A match and the call for the alarms that fit it."""

    match: AlarmMatch[AlarmState]
    call: Call

    def fits(self, alarm: Alarm) -> bool:
        """Return whether the alarm fits; an alarm without a name fits no rule."""
        words = words_of(alarm.severity, severity_of(alarm.severity))
        return bool(alarm.name) and self.match.fits_alarm(name=alarm.name, state=alarm.state, severities=words)

    def request(self, alarm: Alarm, *, key: str, sent_at: datetime) -> Request:
        """Return the request; if the alarm cannot fill a placeholder, `problem` says so."""
        published_at = min(sent_at, alarm.changed_at or sent_at)
        request = Request(call=self.call, key=key, alarm=alarm.name, expires_at=self.call.expires_at(published_at))
        try:
            filled = fill(self.call.parameters, "parameters", _facts(alarm, key))
        except Invalid as problem:
            return replace(request, problem=str(problem))
        return replace(request, call=replace(self.call, parameters=filled if isinstance(filled, dict) else {}))


def _facts(alarm: Alarm, key: str) -> dict[str, str]:
    """Return the values of all placeholders."""
    dimensions = alarm.trigger.dimensions if alarm.trigger is not None else ()
    return {
        **{f"contributor.{name}": value for name, value in alarm.contributor},
        **{f"dimension.{name}": value for name, value in dimensions},
        "alarm.name": alarm.name,
        "alarm.state": alarm.state.value,
        "alarm.account": alarm.account,
        "alarm.region": alarm.region,
        "alarm.arn": alarm.arn,
        "request.key": idempotency_token(key),
    }
