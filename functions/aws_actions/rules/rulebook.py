"""The rules document -> the rule of an alarm."""

from dataclasses import dataclass

from aws_actions.models import RulesUnavailable
from aws_actions.rules.document import parse_rules
from aws_actions.rules.rules import Rule
from aws_events.alarm import Alarm
from configuration.documents import Document
from retry_policies import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook(Document[Rule]):
    """The rules. The document must exist: a stack that makes calls for alarms needs rules."""

    must_exist = True

    def parse(self, text: str) -> tuple[Rule, ...]:
        return parse_rules(text)

    def find(self, alarm: Alarm, deadline: Deadline) -> Rule | None:
        """Return the first rule that fits, or None. Raises RulesUnavailable if no document was ever read."""
        rules = self.entries(deadline)
        if rules is None:
            raise RulesUnavailable("no rules known")
        return next((rule for rule in rules if rule.fits(alarm)), None)
