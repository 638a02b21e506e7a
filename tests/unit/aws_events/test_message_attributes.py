import json
from collections.abc import Mapping
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.message_attributes import (
    ID_LIMIT,
    IDENTITY_LIMIT,
    NOTE_LIMIT,
    MessageFacts,
    raw_facts,
    read_facts,
    with_facts,
)
from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT, SqsAttribute, message_size, to_sqs
from tests.support.samples.notifications import record

FACTS = {
    "alert_id": "m0",
    "hop": 2,
    "sent_at": 1769860800.5,
    "identity": "alarm-1",
    "mention": "<!subteam^S012AB3CD>",
    "follow": "thread",
    "remind_after": 4.0,
    "account_name": "shop prod",
    "note": "meant for team: refused",
    "as_text": True,
    "renewed_at": 1769870000.25,
}
OTHERS = {f"a{number}": {"dataType": "String", "stringValue": str(number)} for number in range(10)}


def text_attribute(value: str) -> dict[str, str]:
    return {"dataType": "String", "stringValue": value}


def sent_as(attributes: Mapping[str, Mapping[str, str]]) -> dict[str, SqsAttribute]:
    return {name: to_sqs(one) for name, one in attributes.items()}


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
        ("follow", ["all", "", 5, None], ""),
        ("remind_after", [True, "4", -1.0, 169.0, 10**400, None], 0.0),
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


def test_an_attribute_in_ours_that_sqs_does_not_accept_is_dropped() -> None:
    nested = {"ok": text_attribute("x"), "no": {"dataType": "Number", "stringValue": "one"}}
    assert with_facts(carrying(attributes=nested)).sent.keys() == {"ok", "holdfast"}


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


@pytest.mark.parametrize("value", ["x" * 100_000, "é" * 50_000, "😀" * 25_000])
def test_ten_attributes_of_others_stay_if_ours_has_no_room_for_them(value: str) -> None:
    ten = OTHERS | {"a0": text_attribute(value)}
    full = record(attributes=ten, body="x" * (SIZE_LIMIT - message_size("", sent_as(ten))))
    moved = with_facts(full, hop=3)
    assert moved.sent == sent_as(ten)
    assert json.loads(moved.overflow) == asdict(read_facts(full)) | {"hop": 3}
    again = with_facts(replace(full, attributes=ten | {"holdfast": text_attribute(moved.overflow)}), note="later")
    assert (again.sent, json.loads(again.overflow)["hop"]) == (moved.sent, 3)


def test_forged_attributes_in_ours_do_not_take_the_room_of_those_beside_it() -> None:
    nine = {name: OTHERS[name] for name in list(OTHERS)[:9]}
    forged = {f"b{number}": text_attribute("x") for number in range(9)}
    facts = text_attribute(json.dumps({"attributes": forged}))
    full = record(attributes=nine | {"holdfast": facts}, body="x" * (SIZE_LIMIT - 600))
    assert with_facts(full).sent == sent_as(nine)


@pytest.mark.parametrize(("name", "limit", "longer"), [("alert_id", ID_LIMIT, "m1"), ("identity", IDENTITY_LIMIT, "")])
def test_a_fact_that_is_too_long_counts_as_missing(name: str, limit: int, longer: str) -> None:
    found = [getattr(read_facts(carrying(**{name: "x" * length})), name) for length in (limit, limit + 1)]
    assert found == ["x" * limit, longer]


def test_a_long_note_is_cut() -> None:
    assert read_facts(carrying(note="x" * 999)).note == "x" * NOTE_LIMIT


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
