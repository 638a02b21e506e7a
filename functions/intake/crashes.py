"""Records that may crash intake while they are parsed: from the second crash on they are not parsed any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aws_events.envelope import Record
from record_batch.batch import SUSPECT
from record_batch.carried import carried
from record_batch.claims import Claim, Claims

PARSING = "holdfast.intake"
"""In place of a destination in the rows of intake; a destination's name has no dot."""
CRASHES = 2
"""Crashes after which a record goes to the default lane as text."""


@dataclass(frozen=True, slots=True)
class Crashes:
    """Counts crashes in DeliveriesTable, for records that were received several times only."""

    claims: Claims

    @contextmanager
    def watch(self, record: Record) -> Iterator[bool]:
        """Enter with whether the record may be parsed. A crash inside leaves a claim that lapses, and so counts."""
        if record.receive_count < SUSPECT:
            yield True
            return
        claim = self.claims.claim(PARSING, carried(record).alert_id, carried(record).hop)
        if not isinstance(claim, Claim):
            yield True
            return
        yield claim.crashes < CRASHES
        claim.release()
