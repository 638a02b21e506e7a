import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.message_attributes import (
    SIZE_LIMIT,
    MessageFacts,
    SqsAttribute,
    message_size,
    raw_facts,
    read_facts,
    with_facts,
)
from tests.support.samples.notifications import record


def carrying(value: str) -> Any:  # noqa: ANN401 - a Record
    return record(message_id="m1", attributes={"holdfast": {"dataType": "String", "stringValue": value}})


def test_a_first_stay_carries_its_own_id_and_no_hop() -> None:
    assert read_facts(record(message_id="m1")) == MessageFacts("m1", 0)


def test_what_was_handed_on_keeps_the_id_of_its_first_stay() -> None:
    assert read_facts(carrying(json.dumps({"alert_id": "m0", "hop": 2}))) == MessageFacts("m0", 2)


def test_what_was_sent_on_keeps_the_time_of_its_first_stay() -> None:
    again = replace(
        carrying(json.dumps({"alert_id": "m0", "hop": 1, "sent_at": 1769860800.5})), published_at=1769900000
    )
    assert read_facts(again).sent_at == 1769860800.5


@pytest.mark.parametrize(
    "value", ["{}", "x", '{"sent_at": null}', '{"sent_at": true}', '{"sent_at": 1e99}', '{"sent_at": -1}']
)
def test_without_a_time_of_its_first_stay_that_of_this_one_counts(value: str) -> None:
    assert read_facts(replace(carrying(value), published_at=1769900000)).sent_at == 1769900000


def test_nothing_was_sent_first_after_it_came_to_this_queue() -> None:
    """A sender to the queue can write our attribute too."""
    future = carrying(json.dumps({"alert_id": "m0", "sent_at": 2.0**33}))
    assert read_facts(replace(future, published_at=1769900000)).sent_at == 1769900000
    assert read_facts(future).sent_at == 2.0**33


def test_e2_what_somebody_sends_back_from_parking_by_hand_is_on_its_next_hop() -> None:
    assert read_facts(carrying(json.dumps({"alert_id": "m0", "hop": 2, "reason": "message_refused"}))) == MessageFacts(
        "m0", 3
    )


def test_a_hop_that_no_table_could_hold_is_none() -> None:
    assert read_facts(carrying(json.dumps({"hop": 10**40}))).hop == 0


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


def test_what_intake_wrote_is_read_as_it_was() -> None:
    assert asdict(read_facts(carrying(json.dumps(FACTS)))) == FACTS


@pytest.mark.parametrize("mention", ["<!here>", "<!channel>", "<!everyone>", "<@U012AB3CD>", "<@W012AB3CD>"])
def test_a_mention_is_the_markup_that_a_route_makes(mention: str) -> None:
    assert read_facts(carrying(json.dumps({"mention": mention}))).mention == mention


NO_MENTIONS = [None, 5, ["<!here>"], "here", "<!here", "<!here> ", "<!here>\n", "<!here><!channel>", "<@u1>"]
LONG_OR_FOREIGN = ["<!subteam^U1>", "<https://example.com|x>", "<@U1|x>", "<!date^1^{date}|x>", f"<@U{'1' * 99}>"]


@pytest.mark.parametrize("mention", [*NO_MENTIONS, *LONG_OR_FOREIGN])
def test_any_other_mention_is_none(mention: object) -> None:
    """A sender to the queue can write our attribute too."""
    assert read_facts(carrying(json.dumps({"mention": mention}))).mention == ""


@pytest.mark.parametrize("value", [None, 1, "true", [True]])
def test_only_true_means_that_parsing_failed(value: object) -> None:
    assert read_facts(carrying(json.dumps({"as_text": value}))).as_text is False


@pytest.mark.parametrize("value", [None, True, "soon", -1, 1e99])
def test_a_renewal_that_is_no_moment_is_none(value: object) -> None:
    assert read_facts(carrying(json.dumps({"renewed_at": value}))).renewed_at is None


def as_lambda_has_it(attributes: Mapping[str, SqsAttribute]) -> dict[str, dict[str, str]]:
    return {
        name: {"dataType": one["DataType"], "stringValue": one.get("StringValue", "")}
        for name, one in attributes.items()
    }


def test_a_fact_changes_and_the_others_are_handed_on() -> None:
    sent = with_facts(carrying(json.dumps(FACTS)), hop=3, note="").sent
    assert asdict(read_facts(record(attributes=as_lambda_has_it(sent)))) == FACTS | {"hop": 3, "note": ""}


def test_a_parked_message_that_is_sent_on_is_not_parked_any_more() -> None:
    parked = carrying(json.dumps(FACTS | {"reason": "message_refused", "detail": "x", "queue": "y"}))
    again = record(attributes=as_lambda_has_it(with_facts(parked).sent))
    assert "reason" not in raw_facts(again)
    assert read_facts(again).hop == 3


def test_the_attributes_of_others_are_handed_on_and_ten_of_them_move_into_ours() -> None:
    others = {f"a{number}": {"dataType": "String", "stringValue": str(number)} for number in range(10)}
    nine = with_facts(record(attributes={name: others[name] for name in list(others)[:9]})).sent
    assert len(nine) == 10
    moved = with_facts(record(attributes=others)).sent
    assert set(moved) == {"holdfast"}
    again = with_facts(record(attributes=as_lambda_has_it(moved)), note="later").sent
    assert raw_facts(record(attributes=as_lambda_has_it(again)))["attributes"] == others


@pytest.mark.parametrize("body", ["x", "é"])
def test_our_attribute_is_left_out_where_the_message_would_become_too_large(body: str) -> None:
    colour = {"colour": {"dataType": "String", "stringValue": "blue"}}
    ours = message_size("", with_facts(record(message_id="m1", attributes=colour)).sent)
    room = (SIZE_LIMIT - ours) // len(body.encode())
    fits = record(message_id="m1", body=body * room, attributes=colour)
    full = replace(fits, body=body * (room + 1))
    assert set(with_facts(fits).sent) == {"colour", "holdfast"}
    assert set(with_facts(full).sent) == {"colour"}
    assert message_size(fits.body, with_facts(fits).sent) <= SIZE_LIMIT < message_size(full.body, with_facts(fits).sent)


def test_size_is_counted_as_sqs_counts_it() -> None:
    binary: SqsAttribute = {"DataType": "Binary", "BinaryValue": b"\0\1\2"}
    text: SqsAttribute = {"DataType": "String", "StringValue": "é"}
    assert message_size("aé", {"b": binary, "t": text}) == 3 + (1 + 6 + 3) + (1 + 6 + 2)


@given(
    value=st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*FACTS, "reason", "attributes", "x"]), inner),
    ).map(json.dumps)
)
def test_our_attribute_may_hold_anything(value: str) -> None:
    found = read_facts(carrying(value))
    assert found.alert_id
    assert found.hop >= 0
    assert all(isinstance(text, str) for text in (found.identity, found.mention, found.note))
    assert "holdfast" in with_facts(carrying(value)).sent
