"""Count the crashes of intake per record; after two the record is no longer parsed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from record_batch.batch import SUSPECT
from shared_state.claims import Claim, Claims

PARSING = "holdfast.intake"
"""The destination in the claims of intake. No real destination has a dot in its name."""
CRASHES = 2
"""Crashes after which a record goes to the default lane as text."""


@dataclass(frozen=True, slots=True)
class Crashes:
    """Counters of crashes per record in DeliveriesTable, for records received SUSPECT times or more."""

    claims: Claims

    @contextmanager
    def watch(self, record: Record) -> Iterator[bool]:
        """Yield whether the record may be parsed. An open claim with a lapsed lease counts as a crash."""
        if record.receive_count < SUSPECT:
            yield True
            return
        claim = self.claims.claim(PARSING, read_facts(record).alert_id, read_facts(record).hop)
        if not isinstance(claim, Claim):
            yield True
            return
        yield claim.crashes < CRASHES
        claim.release()
