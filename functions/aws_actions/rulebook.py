"""The rules as they stand in the parameter store, kept for five minutes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aws_actions.models import Invalid, RulesUnavailable
from aws_actions.rules import Rule, choose
from aws_actions.rules_document import parse_rules
from aws_events.alarm import Alarm
from record_batch.telemetry import logger
from retry_policies import Deadline
from retry_policies.deadline import Clock

KEPT = 300.0
"""Seconds until the document is read again."""
KEPT_AFTER_TROUBLE = 60.0
"""Seconds until it is read again where it could not be used."""
READ_TIME = 2.0
"""Seconds after which no attempt to read it starts: the calls need the time."""

type Read = Callable[[Deadline], str | None]
"""The document's text, None where there is none; raises RulesUnavailable."""


@dataclass(slots=True)
class Known:
    """The rules of the last good document; None before there was one."""

    rules: tuple[Rule, ...] | None = None
    until: float = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Which rule an alarm has."""

    read: Read
    on_trouble: Callable[[str], None]
    """Told `missing`, `invalid` or `unreadable` at each reading that finds no document to use."""
    clock: Clock = time.monotonic
    known: Known = field(default_factory=Known)

    def find(self, alarm: Alarm, deadline: Deadline) -> Rule | None:
        """The rule that fits, None where none does; raises RulesUnavailable where no rules were ever known."""
        if self.clock() >= self.known.until:
            trouble = self._learn(deadline)
            self.known.until = self.clock() + (KEPT if trouble is None else KEPT_AFTER_TROUBLE)
            if trouble is not None:
                self.on_trouble(trouble)
        if self.known.rules is None:
            raise RulesUnavailable("no rules known")
        return choose(self.known.rules, alarm)

    def _learn(self, deadline: Deadline) -> str | None:
        """Learn the document, or say why not, once in the log too."""
        try:
            text = self.read(deadline.at_most(READ_TIME))
            if text is not None:
                self.known.rules = parse_rules(text)
                return None
            if not self.known.rules:
                self.known.rules = ()  # a stack that never had one is as it should be: no alarm has a rule
                return None
            trouble, problem = "missing", "there is none any more"
        except RulesUnavailable as error:
            trouble, problem = "unreadable", str(error)
        except Invalid as error:
            trouble, problem = "invalid", str(error)
        logger.error("rules not used", extra={"trouble": trouble, "problem": problem})
        return trouble
