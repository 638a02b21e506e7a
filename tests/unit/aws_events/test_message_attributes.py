import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.envelope import Record
from aws_events.message_attributes import ROW_LIMIT, MessageFacts, raw_facts, read_facts, with_facts
from aws_events.sqs_attributes import SIZE_LIMIT, SqsAttribute, message_size
from tests.support.samples.notifications import record

FACTS = {
    "alert_id": "m0",
    "hop": 2,
    "sent_at": 1769860800.5,
    "identity": "alarm-1",
    "mention": "<!subteam^S012AB3CD>",
    "account_name": "shop prod",
    "note": "meant for team: refused",
    "as_text": True,
    "renewed_at": 1769870000.25,
}
OTHERS = {f"a{number}": {"dataType": "String", "stringValue": str(number)} for number in range(10)}


def text_attribute(value: str) -> dict[str, str]:
    return {"dataType": "String", "stringValue": value}


def with_text(value: str) -> Record:
    return record(attributes={"holdfast": text_attribute(value)})


def carrying(**facts: object) -> Record:
    """Return a record whose attribute has these facts; any sender to the queue can write them."""
    return with_text(json.dumps(facts))


def received(attributes: Mapping[str, SqsAttribute]) -> Record:
    """Return the record that Lambda delivers for a message with these attributes."""
    return record(attributes={name: text_attribute(one.get("StringValue", "")) for name, one in attributes.items()})


def test_the_facts_that_were_written_are_read() -> None:
    assert asdict(read_facts(carrying(**FACTS))) == FACTS
    assert read_facts(record()) == MessageFacts("m1", 0)


def test_e2_a_message_in_the_parking_queue_counts_its_next_hop() -> None:
    assert read_facts(carrying(alert_id="m0", hop=2, reason="message_refused")) == MessageFacts("m0", 3)


MENTIONS = ["<!here>", "<!channel>", "<!everyone>", "<@U012AB3CD>", "<@W012AB3CD>"]
NOT_MENTIONS = [
    *(None, 5, ["<!here>"], "here", "<!here", "<!here> ", "<!here>\n", "<!here><!channel>", "<@u1>"),
    *("<!subteam^U1>", "<https://example.com|x>", "<@U1|x>", "<!date^1^{date}|x>", f"<@U{'1' * 99}>"),
]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("hop", [10**40, -1, True, "1", None], 0),
        ("mention", NOT_MENTIONS, ""),
        *(("mention", [mention], mention) for mention in MENTIONS),
        ("as_text", [None, 1, "true", [True]], False),
        ("renewed_at", [None, True, "soon", -1, 1e99], None),
        ("sent_at", [None, True, "soon", -1, 1e99, 2.0**33], 1769900000),  # the queue's own time is an upper limit
        ("sent_at", [1769860800.5], 1769860800.5),
        ("alert_id", [None, "", 5], "m1"),
    ],
)
def test_an_invalid_fact_counts_as_missing(name: str, values: list[object], expected: object) -> None:
    for value in values:
        facts = read_facts(replace(carrying(**{name: value}), published_at=1769900000))
        assert getattr(facts, name) == expected, value


def test_without_a_time_of_its_queue_the_time_in_the_facts_counts() -> None:
    assert read_facts(carrying(sent_at=2.0**33)).sent_at == 2.0**33


def test_facts_are_sent_with_these_changes() -> None:
    sent = with_facts(carrying(**FACTS), hop=3, note="").sent
    assert asdict(read_facts(received(sent))) == FACTS | {"hop": 3, "note": ""}


def test_a_parked_message_that_is_sent_on_is_no_longer_parked() -> None:
    parked = carrying(**FACTS, reason="message_refused", detail="x", queue="y")
    again = received(with_facts(parked).sent)
    assert "reason" not in raw_facts(again)
    assert read_facts(again).hop == 3


def test_ten_attributes_of_others_move_into_ours() -> None:
    nine = with_facts(record(attributes={name: OTHERS[name] for name in list(OTHERS)[:9]})).sent
    assert len(nine) == 10
    nested = with_facts(record(attributes=OTHERS)).sent
    assert set(nested) == {"holdfast"}
    again = with_facts(received(nested), note="later").sent
    assert raw_facts(received(again))["attributes"] == OTHERS


@pytest.mark.parametrize(
    ("name", "attribute", "is_sent"),
    [
        ("ok", text_attribute("x"), True),
        ("number", {"dataType": "Number", "stringValue": "1.5"}, True),
        ("binary", {"dataType": "Binary", "binaryValue": "AAE="}, True),
        ("nan", {"dataType": "Number", "stringValue": "nan"}, False),
        ("word", {"dataType": "Number", "stringValue": "one"}, False),
        ("empty", text_attribute(""), False),
        ("padding", {"dataType": "Binary", "binaryValue": "a"}, False),
        ("kind", {"dataType": "Text", "stringValue": "x"}, False),
        ("list", {"dataType": "String", "stringValue": ["x"]}, False),
        ("bad name!", text_attribute("x"), False),
        ("surrogate", text_attribute("\ud83d"), False),
    ],
)
def test_only_attributes_that_sqs_accepts_are_restored_from_ours(
    name: str, attribute: dict[str, Any], *, is_sent: bool
) -> None:
    assert (name in with_facts(carrying(attributes={name: attribute})).sent) == is_sent


@pytest.mark.parametrize("body", ["x", "é"])
def test_our_attribute_is_omitted_if_the_message_would_become_too_large(body: str) -> None:
    colour = {"colour": text_attribute("blue")}
    ours = message_size("", with_facts(record(attributes=colour)).sent)
    room = (SIZE_LIMIT - ours) // len(body.encode())
    fits = record(body=body * room, attributes=colour)
    full = replace(fits, body=body * (room + 1))
    assert set(with_facts(fits).sent) == {"colour", "holdfast"}
    assert set(with_facts(full).sent) == {"colour"}
    assert message_size(fits.body, with_facts(fits).sent) <= SIZE_LIMIT < message_size(full.body, with_facts(fits).sent)


def test_attributes_that_no_row_can_hold_are_dropped() -> None:
    huge = OTHERS | {"a0": text_attribute("x" * ROW_LIMIT)}
    assert raw_facts(received(with_facts(record(attributes=huge)).sent)).keys() == FACTS.keys()


@given(
    value=st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*FACTS, "reason", "attributes", "x"]), inner),
    ).map(json.dumps)
)
def test_our_attribute_may_hold_anything(value: str) -> None:
    found = read_facts(with_text(value))
    assert found.alert_id
    assert found.hop >= 0
    assert all(isinstance(text, str) for text in (found.identity, found.mention, found.note))
    assert "holdfast" in with_facts(with_text(value)).sent
