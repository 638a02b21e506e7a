"""What shall become of a letter: its destination's circuit decides, and how often it was redriven."""

from dataclasses import dataclass, field

from record_batch.circuit import Circuits, Passage
from redrive.letters import Letter
from redrive.models import End, Source
from redrive.versions import MISSING, Versions
from retry_policies import Deadline
from slack_alerts.models import Notification
from slack_alerts.parsing import parse
from slack_alerts.routing import Router

HOP_LIMIT = 3
"""Redrives of a dead letter; what dies again after the third is parked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a letter shall end, where it would go, and what it says."""

    end: End
    destination: str
    notification: Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judges the letters of one redrive: it reads, and changes nothing."""

    router: Router
    circuits: Circuits
    versions: Versions
    probed: set[str] = field(default_factory=set)
    """Circuits that this redrive has sent a probe through."""

    def judge(self, letter: Letter, source: Source, deadline: Deadline) -> Judgement:
        """Raises RowsUnavailable, VersionUnreadable, and what the router's on_trouble raises."""
        notification = parse(letter.record)
        [(destination, _)] = self.router.route([notification], deadline)
        return Judgement(self._end(letter, destination, source, deadline), destination, notification)

    def _end(self, letter: Letter, destination: str, source: Source, deadline: Deadline) -> End:
        is_dead = source is Source.DEAD_LETTERS
        if is_dead and letter.hop >= HOP_LIMIT:
            return End.PARKED
        passage = self._passage(destination, deadline)
        if passage is None:
            return End.WAITING
        if not passage.must_probe:
            return End.MOVED
        if passage.key in self.probed:
            return End.WAITING
        self.probed.add(passage.key)
        return End.PROBE if is_dead else End.MOVED

    def _passage(self, destination: str, deadline: Deadline) -> Passage | None:
        """To the destination, to the default one where it has no secret; None while it is to be left alone.

        Where the default one has none either, nobody could deliver: a hop would be spent for nothing.
        """
        for one in dict.fromkeys((destination, self.router.default_destination)):
            version = self.versions.of(one, deadline)
            if version != MISSING:
                passage = self.circuits.enter(one, version)
                return passage if isinstance(passage, Passage) else None
        return None
