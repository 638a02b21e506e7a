"""Rows of DeliveriesTable with the facts of messages that have no room for our attribute."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from uuid import uuid4

from aws_events.message_attributes import ATTRIBUTE
from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT
from observability.telemetry import logger
from retry_policies.deadline import Clock
from shared_state.rows import Conflict, Row, Rows, RowsUnavailable, State

ROOM = 16_384
"""Bytes below SQS's limit; any smaller message has room for our facts."""
BYTES, ESCAPED = 4, 12
"""The most bytes of one character: of the body in UTF-8, and of another attribute as escaped JSON inside ours."""
RETENTION = 30 * 86_400.0
"""Seconds that a row is kept: longer than any queue keeps a message."""


@dataclass(frozen=True, slots=True)
class Overflow:
    """Rows by the message's deduplication id in a lane, else by its SQS id; `clock` is the wall clock.

    `rows` must be the table, not this process's memory: another function reads the facts.
    """

    rows: Rows
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def keep(self, message: str, facts: str) -> None:
        """Write the facts of the message, if there are any. May raise RowsUnavailable."""
        if not facts:
            return
        now = self.clock()
        row = Row(token=self.new_token(), state=State.FREE, until=now, count=0, expires=now + RETENTION, facts=facts)
        try:
            self.rows.swap(_key(message), self.rows.read(_key(message)), row)
        except Conflict:
            logger.warning("facts written twice", extra={"message_id": message})

    def restore(self, record: Record) -> Record:
        """Return the record with its facts; the record itself if it has our attribute or had room for it.

        May raise RowsUnavailable: without its facts a redriven alert would count as a parked duplicate.
        """
        if ATTRIBUTE in record.attributes or _has_room(record):
            return record
        row = self.rows.read(_key(record.deduplication_id or record.message_id))
        if row is None or not row.facts:
            return record
        ours = {"dataType": "String", "stringValue": row.facts}
        return replace(record, attributes={**record.attributes, ATTRIBUTE: ours})

    def restore_all(self, records: Iterable[Record]) -> tuple[list[Record], list[Record]]:
        """Return (the records with their facts, the records whose facts cannot be read)."""
        restored: list[Record] = []
        unreadable: list[Record] = []
        for record in records:
            try:
                restored.append(self.restore(record))
            except RowsUnavailable as error:
                logger.error("facts not read", extra={"record": record.message_id, "error": str(error)})
                unreadable.append(record)
        return restored, unreadable


def _has_room(record: Record) -> bool:
    """Return whether our attribute certainly fitted."""
    texts = (text for name, one in record.attributes.items() for text in (name, *one.values()))
    return BYTES * len(record.body) + ESCAPED * sum(map(len, texts)) < SIZE_LIMIT - ROOM


def _key(message: str) -> str:
    return f"facts#{message}"
