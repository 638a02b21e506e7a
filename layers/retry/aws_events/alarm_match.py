"""Match alarms by name, state and severity: for the routes of intake and the rules of aws_actions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aws_events.json_fields import Fields

NAME_LIMIT = 255
"""CloudWatch's limit for an alarm's name; a longer name is cut before it is matched."""
PATTERN = re.compile(r"(?s).{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmMatch[S]:
    """The values that an alarm must have, with states of the type S; None admits any value."""

    alarm: str | None = None
    """A pattern of names, like checkout-*."""
    state: S | None = None
    severity: str | None = None

    def fits_alarm(self, *, name: str, state: S, severities: Iterable[str]) -> bool:
        """Return whether the alarm has these values; its severity may have several words, in any case."""
        return (
            (self.alarm is None or fnmatchcase(name[:NAME_LIMIT], self.alarm))
            and self.state in {None, state}
            and (self.severity is None or self.severity.casefold() in {word.casefold() for word in severities})
        )


def read_pattern(fields: Fields) -> str | None:
    """Return the pattern in the field `alarm` of a document. Raises Invalid."""
    return fields.text("alarm", PATTERN, "a pattern of 1 to 255 characters, like checkout-*")
