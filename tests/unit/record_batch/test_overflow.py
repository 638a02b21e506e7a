import json
from dataclasses import replace

import pytest

from aws_events.envelope import Record
from aws_events.message_attributes import ATTRIBUTE, MessageFacts, read_facts, with_facts
from aws_events.sqs_attributes import SIZE_LIMIT
from record_batch.lane_message import LaneMessage, moved_message, routed_message
from record_batch.overflow import Overflow
from shared_state.memory_rows import MemoryRows
from shared_state.rows import RowsUnavailable
from tests.support.samples.notifications import record
from tests.support.steps.tables import MemoryTable

FULL = record(message_id="first", body="x" * (SIZE_LIMIT - 10), published_at=1_000_000.0)
DOWN = Overflow(MemoryTable(is_down=True))


@pytest.fixture
def overflow() -> Overflow:
    return Overflow(MemoryRows())


def sent(overflow: Overflow, full: Record, message: LaneMessage) -> MessageFacts:
    """Keep the facts of the message; return the facts of the record that the lane delivers."""
    assert ATTRIBUTE not in message.attributes.sent
    overflow.keep(message.deduplication_id, message.attributes.overflow)
    return read_facts(overflow.restore(replace(full, message_id="next", deduplication_id=message.deduplication_id)))


def test_the_facts_of_a_full_message_are_restored_by_its_deduplication_id(overflow: Overflow) -> None:
    message = routed_message(FULL, "ops", identity="alarm-1", mention="<!here>", as_text=True)
    facts = sent(overflow, FULL, message)
    assert (facts.alert_id, facts.identity, facts.mention, facts.as_text) == ("first", "alarm-1", "<!here>", True)


def test_each_move_has_its_own_facts(overflow: Overflow) -> None:
    for hop in (1, 2):
        message = moved_message(replace(FULL, message_id=f"move-{hop}"), "ops", hop=hop)
        assert sent(overflow, FULL, message).hop == hop


def test_attributes_may_fill_a_message_too(overflow: Overflow) -> None:
    full = replace(
        FULL, body="short", attributes={"big": {"dataType": "String", "stringValue": "y" * (SIZE_LIMIT - 20)}}
    )
    assert sent(overflow, full, routed_message(full, "ops", identity="alarm-1")).identity == "alarm-1"


def test_the_facts_of_a_parked_message_are_restored_by_its_sqs_id(overflow: Overflow) -> None:
    overflow.keep("parked-1", with_facts(FULL, hop=3, reason="message_refused").overflow)
    hops = [read_facts(overflow.restore(replace(FULL, message_id=f"parked-{number}"))).hop for number in (1, 2)]
    assert hops == [4, 0]


def test_no_row_is_read_or_written_for_a_message_that_carries_its_facts() -> None:
    ours = {"dataType": "String", "stringValue": json.dumps({"hop": 7})}
    for carrying in (replace(FULL, attributes={ATTRIBUTE: ours}), replace(FULL, body="short")):
        assert DOWN.restore(carrying) is carrying
    DOWN.keep("id", "")


def test_facts_that_cannot_be_read_or_written_raise() -> None:
    with pytest.raises(RowsUnavailable):
        DOWN.restore(FULL)
    with pytest.raises(RowsUnavailable):
        DOWN.keep("id", "facts")


def test_facts_that_another_invocation_writes_at_the_same_time_are_no_failure(
    overflow: Overflow, caplog: pytest.LogCaptureFixture
) -> None:
    class Contended(MemoryRows):
        def read(self, key: str) -> None:
            del key

    contended = replace(overflow, rows=Contended())
    contended.keep("id", "facts")
    contended.keep("id", "facts")
    assert [line.getMessage() for line in caplog.records] == ["facts written twice"]
