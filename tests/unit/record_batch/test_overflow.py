import json
from dataclasses import asdict, replace

import pytest

from aws_events.message_attributes import (
    ATTRIBUTE,
    ID_LIMIT,
    IDENTITY_LIMIT,
    MOST_HOPS,
    NOTE_LIMIT,
    MessageFacts,
    read_facts,
    with_facts,
)
from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT, message_size
from outcomes.outcome import Park, ParkReason
from record_batch.lane_message import LaneMessage, moved_message, routed_message
from record_batch.overflow import ROOM, Overflow
from record_batch.parking import attributes
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


def test_ten_attributes_may_fill_ours_although_the_message_is_smaller(overflow: Overflow) -> None:
    """Each of these characters has four bytes in the message, and twelve in our attribute."""
    ten = {f"a{number}": {"dataType": "String", "stringValue": "😀" * 5_000} for number in range(10)}
    wide = replace(FULL, body="😀" * 150_000, attributes=ten)
    assert sent(overflow, wide, routed_message(wide, "ops", identity="alarm-1")).identity == "alarm-1"


def test_the_facts_of_a_parked_message_are_restored_by_its_sqs_id(overflow: Overflow) -> None:
    overflow.keep("parked-1", with_facts(FULL, hop=3, reason="message_refused").overflow)
    hops = [read_facts(overflow.restore(replace(FULL, message_id=f"parked-{number}"))).hop for number in (1, 2)]
    assert hops == [4, 0]


LONGEST = MessageFacts(
    alert_id="😀" * ID_LIMIT,
    hop=MOST_HOPS,
    sent_at=1769860800.123456,
    identity="😀" * IDENTITY_LIMIT,
    mention=f"<!subteam^S{'A' * 20}>",
    follow="thread",
    remind_after=167.9999999999,
    account_name="a" * 64,
    note="😀" * NOTE_LIMIT,
    as_text=False,
    renewed_at=1769860800.123456,
)


def test_the_longest_facts_of_a_parked_message_fit_into_the_room() -> None:
    parked = record(
        queue_arn=f"arn:aws:sqs:eu-west-1:123456789012:{'q' * 80}",
        sns_message_id="😀" * 1_000,
        receive_count=1_000,
        attributes={ATTRIBUTE: {"dataType": "String", "stringValue": json.dumps(asdict(LONGEST))}},
    )
    assert asdict(read_facts(parked)) == asdict(LONGEST) | {"hop": 0}
    sent = attributes(parked, Park(ParkReason.MESSAGE_REFUSED, "d" * 500)).sent
    assert message_size("", sent) < ROOM


@pytest.mark.parametrize(("body", "value"), [("x" * 250_000, "y"), ("", "y" * 80_000), ("", "😀" * 80_000)])
def test_a_message_that_certainly_had_room_is_not_looked_up(body: str, value: str) -> None:
    ten = {f"a{number}": {"dataType": "String", "stringValue": value if number == 0 else "v"} for number in range(10)}
    carrying = replace(FULL, body=body, attributes=ten)
    assert DOWN.restore(carrying) is carrying
    assert not with_facts(carrying).overflow


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
