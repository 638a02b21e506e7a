"""A message without room for our attribute is moved all the same, and its facts with it."""

import json
from dataclasses import replace

import pytest

from aws_events.envelope import Record, Source
from aws_events.message_attributes import ATTRIBUTE, SIZE_LIMIT, read_facts, with_facts
from record_batch.lane_queue import moved_message, routed_message
from record_batch.overflow import Overflow
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable

FULL = Record(source=Source.SQS, message_id="first", text="", body="x" * (SIZE_LIMIT - 10), published_at=1_000_000.0)


class Down(MemoryRows):
    """A table that does not answer."""

    def read(self, key: str) -> Row | None:
        raise RowsUnavailable(key)


def test_the_facts_of_a_full_message_come_back_under_its_deduplication_id() -> None:
    overflow = Overflow(MemoryRows())
    message = routed_message(FULL, "ops", identity="the same", mention="<!here>", as_text=True)
    assert message.attributes.sent == {}
    overflow.keep(message.deduplication_id, message.attributes.overflow)
    received = replace(FULL, message_id="second", lane="ops", deduplication_id=message.deduplication_id)
    facts = read_facts(overflow.restore(received))
    assert (facts.alert_id, facts.identity, facts.mention, facts.as_text) == ("first", "the same", "<!here>", True)


def test_each_move_has_facts_of_its_own() -> None:
    overflow = Overflow(MemoryRows())
    for hop in (1, 2):
        message = moved_message(replace(FULL, message_id=f"turn-{hop}"), "ops", hop=hop)
        overflow.keep(message.deduplication_id, message.attributes.overflow)
        assert read_facts(overflow.restore(replace(FULL, deduplication_id=message.deduplication_id))).hop == hop


def test_a_message_of_a_standard_queue_is_known_by_its_sqs_id() -> None:
    overflow = Overflow(MemoryRows())
    overflow.keep("parked-1", with_facts(FULL, hop=3, reason="message_refused").overflow)
    assert read_facts(overflow.restore(replace(FULL, message_id="parked-1"))).hop == 4
    assert read_facts(overflow.restore(replace(FULL, message_id="parked-2"))).hop == 0


def test_a_message_that_carries_its_facts_asks_for_no_row() -> None:
    ours = {"dataType": "String", "stringValue": json.dumps({"hop": 7})}
    for record in (replace(FULL, attributes={ATTRIBUTE: ours}), replace(FULL, body="short")):
        assert Overflow(Down()).restore(record) is record


def test_attributes_that_fill_a_message_leave_no_room_for_its_facts_either() -> None:
    overflow = Overflow(MemoryRows())
    theirs = {"big": {"dataType": "String", "stringValue": "y" * (SIZE_LIMIT - 20)}}
    full = replace(FULL, body="short", attributes=theirs)
    message = routed_message(full, "ops", identity="the same")
    assert message.attributes.overflow
    overflow.keep(message.deduplication_id, message.attributes.overflow)
    assert read_facts(overflow.restore(replace(full, deduplication_id=message.deduplication_id))).identity == "the same"


def test_facts_that_cannot_be_read_raise() -> None:
    with pytest.raises(RowsUnavailable):
        Overflow(Down()).restore(FULL)


def test_nothing_is_written_where_nothing_is_left_over() -> None:
    Overflow(Down()).keep("id", "")
