"""What shall become of a letter: its destination's circuit decides, and how often it was redriven."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from record_batch.circuit import Circuits, Passage
from redrive.letters import Letter
from redrive.models import Source
from retry_policies import Deadline
from slack_alerts.models import Notification
from slack_alerts.parsing import parse
from slack_alerts.routing import Router

HOP_LIMIT = 3
"""Redrives of a dead letter; what dies again after the third is parked."""


class Verdict(Enum):
    """The ways of a letter."""

    MOVE = "moved"
    """Back to AlertsQueue, its hop one higher."""
    PROBE = "probes"
    """Back to AlertsQueue as the one that tries whether the destination answers again: no hop for that."""
    WAIT = "waiting"
    PARK = "parked"


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the letters of one redrive."""

    router: Router
    circuits: Circuits
    version: Callable[[str, Deadline], str]
    """Destination -> the version of its secret, by which its circuit goes."""
    probed: set[str] = field(default_factory=set)

    def judge(self, letter: Letter, source: Source, deadline: Deadline) -> tuple[Verdict, str, Notification]:
        """(verdict, destination, what the letter says). May raise what the table, the routes or the store raise."""
        notification = parse(letter.record)
        [(destination, _)] = self.router.route([notification], deadline)
        verdict = self._verdict(letter, destination, source, deadline)
        return verdict, destination, notification

    def _verdict(self, letter: Letter, destination: str, source: Source, deadline: Deadline) -> Verdict:
        is_dead = source is Source.DEAD_LETTERS
        if is_dead and letter.hop >= HOP_LIMIT:
            return Verdict.PARK
        passage = self.circuits.enter(destination, self.version(destination, deadline))
        if not isinstance(passage, Passage) or destination in self.probed:
            return Verdict.WAIT
        if passage.must_probe:
            self.probed.add(destination)
            return Verdict.PROBE if is_dead else Verdict.MOVE
        return Verdict.MOVE
