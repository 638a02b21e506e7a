"""The rules document -> which rule an alarm has."""

from dataclasses import dataclass

from aws_actions.models import RulesUnavailable
from aws_actions.rules.document import parse_rules
from aws_actions.rules.rules import Rule
from aws_events.alarm import Alarm
from configuration.documents import Document
from retry_policies import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook(Document[Rule]):
    """Which rule an alarm has. Whoever sends alarms here means them to have rules, so that there must be some."""

    must_exist = True

    def parse(self, text: str) -> tuple[Rule, ...]:
        return parse_rules(text)

    def find(self, alarm: Alarm, deadline: Deadline) -> Rule | None:
        """The rule that fits, None where none does; raises RulesUnavailable where no rules were ever known."""
        rules = self.entries(deadline)
        if rules is None:
            raise RulesUnavailable("no rules known")
        return next((rule for rule in rules if rule.fits(alarm)), None)
