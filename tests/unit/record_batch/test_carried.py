import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record_batch.carried import Carried, carried
from tests.support.notifications import record


def carrying(value: str) -> Any:  # noqa: ANN401 - a Record
    return record(message_id="m1", attributes={"holdfast": {"dataType": "String", "stringValue": value}})


def test_a_first_stay_carries_its_own_id_and_no_hop() -> None:
    assert carried(record(message_id="m1")) == Carried("m1", 0)


def test_what_was_handed_on_keeps_the_id_of_its_first_stay() -> None:
    assert carried(carrying(json.dumps({"alert_id": "m0", "hop": 2}))) == Carried("m0", 2)


def test_what_was_sent_on_keeps_the_time_of_its_first_stay() -> None:
    again = replace(
        carrying(json.dumps({"alert_id": "m0", "hop": 1, "sent_at": 1769860800.5})), published_at=1769900000
    )
    assert carried(again).sent_at == 1769860800.5


@pytest.mark.parametrize(
    "value", ["{}", "x", '{"sent_at": null}', '{"sent_at": true}', '{"sent_at": 1e99}', '{"sent_at": -1}']
)
def test_without_a_time_of_its_first_stay_that_of_this_one_counts(value: str) -> None:
    assert carried(replace(carrying(value), published_at=1769900000)).sent_at == 1769900000


def test_nothing_was_sent_first_after_it_came_to_this_queue() -> None:
    """Whoever may send to a queue writes the attribute as well."""
    future = carrying(json.dumps({"alert_id": "m0", "sent_at": 2.0**33}))
    assert carried(replace(future, published_at=1769900000)).sent_at == 1769900000
    assert carried(future).sent_at == 2.0**33


def test_e2_what_somebody_sends_back_from_parking_by_hand_is_on_its_next_hop() -> None:
    assert carried(carrying(json.dumps({"alert_id": "m0", "hop": 2, "reason": "message_refused"}))) == Carried("m0", 3)


def test_a_hop_that_no_table_could_hold_is_none() -> None:
    assert carried(carrying(json.dumps({"hop": 10**40}))).hop == 0


@given(
    value=st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["alert_id", "hop", "sent_at", "x"]), inner),
    ).map(json.dumps)
)
def test_our_attribute_may_hold_anything(value: str) -> None:
    found = carried(carrying(value))
    assert found.alert_id
    assert found.hop >= 0
