"""An alarm -> the request that a rule makes of it (docs/actions.md)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from aws_actions.expiry import expires_at
from aws_actions.models import Call, Request
from aws_actions.rules.placeholders import fill
from aws_actions.tokens import token_of
from aws_events.alarm import Alarm, AlarmState
from aws_events.strict_json import Invalid

NAME_LIMIT = 255
"""Characters of an alarm's name, as CloudWatch limits it: a longer one is no alarm's."""
SEVERITY = re.compile(r"(?im)^severity:[ \t]*([A-Za-z0-9._-]{1,64})[ \t]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which alarms it takes, and the call it makes of them."""

    alarm: str
    """A pattern of names: checkout-*."""
    state: AlarmState
    severity: str | None
    call: Call

    def fits(self, alarm: Alarm) -> bool:
        return (
            bool(alarm.name)  # without one nobody can tell whose alarm it is
            and self.state is alarm.state
            and fnmatchcase(alarm.name[:NAME_LIMIT], self.alarm)
            and (self.severity is None or self.severity.casefold() == severity_of(alarm).casefold())
        )

    def request(self, alarm: Alarm, *, key: str, sent_at: datetime) -> Request:
        """Where the alarm cannot fill a placeholder, the request says so: it has an end like any other."""
        asked_at = min(sent_at, alarm.changed_at or sent_at)
        asked = Request(call=self.call, key=key, alarm=alarm.name, expires_at=expires_at(self.call, asked_at))
        try:
            filled = fill(self.call.parameters, "parameters", _facts(alarm, key))
        except Invalid as problem:
            return replace(asked, problem=str(problem))
        return replace(asked, call=replace(self.call, parameters=filled if isinstance(filled, dict) else {}))


def choose(rules: Iterable[Rule], alarm: Alarm) -> Rule | None:
    """The first rule that fits, or None."""
    return next((rule for rule in rules if rule.fits(alarm)), None)


def severity_of(alarm: Alarm) -> str:
    """The word in a line `Severity: high` of the alarm's description: CloudWatch has no field for it."""
    found = SEVERITY.search(alarm.description)
    return found[1] if found else ""


def _facts(alarm: Alarm, key: str) -> dict[str, str]:
    """What a placeholder may name."""
    dimensions = alarm.trigger.dimensions if alarm.trigger is not None else ()
    return {
        **{f"contributor.{name}": value for name, value in alarm.contributor},
        **{f"dimension.{name}": value for name, value in dimensions},
        "alarm.name": alarm.name,
        "alarm.state": alarm.state.value,
        "alarm.account": alarm.account,
        "alarm.region": alarm.region,
        "alarm.arn": alarm.arn,
        "request.key": token_of(key),
    }
