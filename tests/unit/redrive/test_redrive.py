"""What becomes of dead letters: the circuit of their destination decides, and how often they were redriven."""

import time

import pytest

from record_batch.claims import Claim, Claims, claim_key
from record_batch.outcome import Duplicate
from record_batch.rows import State
from redrive.models import End
from tests.support.redriving import Redriving, alert, store_routes, store_secret

FOR_REAL = {"dry_run": False}


def ends(report: dict[str, str | int | bool]) -> dict[str, int]:
    """Those that happened."""
    return {end.value: int(report[end.value]) for end in End if report[end.value]}


def test_a_dead_letter_goes_back_as_it_came_with_its_first_id_and_one_hop_more(road: Redriving) -> None:
    first, second = road.put("dead", alert(1)), road.put("dead", alert(2), hop=1)
    report = road.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"]) == ({"moved": 2}, "done")
    assert sorted(road.bodies("alerts")) == [alert(1), alert(2)]
    facts = sorted(road.facts("alerts"), key=lambda one: one["hop"])
    assert all(time.time() - one.pop("sent_at") < 60 for one in facts)
    assert facts == [{"alert_id": first, "hop": 1}, {"alert_id": "first-1", "hop": 2}]
    assert second not in str(road.facts("alerts"))
    assert road.bodies("dead") == []


def test_e10_nothing_moves_while_the_circuit_is_open_and_all_is_visible_again(road: Redriving) -> None:
    road.open_circuit()
    for number in range(3):
        road.put("dead", alert(number))
    assert ends(road.redrive(**FOR_REAL)) == {"waiting": 3}
    assert (road.bodies("alerts"), road.visible("dead")) == ([], 3)


def test_e10_once_its_time_is_over_one_goes_as_the_probe_without_a_hop(road: Redriving) -> None:
    road.open_circuit(ago=60)
    for number in range(3):
        road.put("dead", alert(number), hop=2)
    assert ends(road.redrive(**FOR_REAL)) == {"probes": 1, "waiting": 2}
    assert (road.hops("alerts"), road.visible("dead")) == ([2], 2)


def test_e10_once_the_probe_was_answered_the_others_follow_at_once(road: Redriving) -> None:
    road.open_circuit(ago=60)
    for number in range(3):
        road.put("dead", alert(number))
    road.on_pause = road.close_circuit
    assert ends(road.redrive(**FOR_REAL)) == {"probes": 1, "moved": 2}
    assert sorted(road.hops("alerts")) == [0, 1, 1]


def test_e10_what_dies_again_after_three_redrives_is_parked(road: Redriving) -> None:
    road.put("dead", alert(1), hop=2)
    road.put("dead", alert(2), hop=3)
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1, "parked": 1}
    assert (road.bodies("alerts"), road.bodies("parking"), road.bodies("dead")) == ([alert(1)], [alert(2)], [])
    [facts] = road.facts("parking")
    assert (facts["reason"], facts["detail"]) == ("keeps_failing", "3 redrives")
    assert (facts["alert_id"], facts["hop"], facts["sns_message_id"]) == ("first-3", 3, "sns-2")
    row = road.rows.read(claim_key("default", "sns-2"))
    assert row is not None
    assert (row.state, row.hop) == (State.PARKED, 3)


def test_e10_what_is_parked_can_come_back_past_a_copy_that_had_come_further(road: Redriving) -> None:
    claim = road.claims.claim("default", "sns-1", 5)
    assert isinstance(claim, Claim)
    claim.release()
    road.put("dead", alert(1), hop=3)
    assert ends(road.redrive(**FOR_REAL)) == {"parked": 1}
    assert road.hops("parking") == [5]
    assert ends(road.redrive(queue="parking", **FOR_REAL)) == {"moved": 1}
    assert isinstance(road.claims.claim("default", "sns-1", *road.hops("alerts")), Claim)


def test_e10_a_crasher_is_parked_even_while_its_destination_is_down(road: Redriving) -> None:
    road.open_circuit()
    road.put("dead", alert(1), hop=3)
    assert ends(road.redrive(**FOR_REAL)) == {"parked": 1}


@pytest.mark.parametrize("end", [Claim.commit, Claim.park])
def test_what_was_posted_or_parked_meanwhile_is_not_parked_again(road: Redriving, end: object) -> None:
    claim = road.claims.claim("default", "sns-1", 3)
    assert isinstance(claim, Claim)
    assert callable(end)
    end(claim)
    road.put("dead", alert(1), hop=3)
    assert ends(road.redrive(**FOR_REAL)) == {"duplicates": 1}
    assert (road.bodies("parking"), road.bodies("dead")) == ([], [])


def test_what_somebody_is_posting_is_not_parked(road: Redriving) -> None:
    assert isinstance(road.claims.claim("default", "sns-1", 3), Claim)
    road.put("dead", alert(1), hop=3)
    assert ends(road.redrive(**FOR_REAL)) == {"waiting": 1}
    assert (road.bodies("parking"), road.visible("dead")) == ([], 1)


def test_each_destination_is_judged_by_its_own_circuit(road: Redriving) -> None:
    store_secret("team")
    store_routes({"routes": [{"match": {"kind": "event"}, "destination": "team"}]})
    road.open_circuit("team")
    road.put("dead", alert(1))
    road.put("dead", '{"an": "event"}')
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1, "waiting": 1}
    assert road.bodies("dead") == ['{"an": "event"}']


def test_a_new_version_of_the_secret_is_a_new_door(road: Redriving) -> None:
    road.open_circuit()
    store_secret("default")
    road.put("dead", alert(1))
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1}


def test_where_a_destination_has_no_secret_the_default_one_is_asked(road: Redriving) -> None:
    store_routes({"routes": [{"match": {}, "destination": "nowhere"}]})
    road.put("dead", alert(1))
    road.open_circuit()
    assert ends(road.redrive(**FOR_REAL)) == {"waiting": 1}
    road.close_circuit()
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1}


def test_where_nobody_could_deliver_no_hop_is_spent(road: Redriving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_DESTINATION", "nowhere")
    road.put("dead", alert(1))
    assert ends(road.redrive(**FOR_REAL)) == {"waiting": 1}


def test_e9_a_redrive_that_dies_between_send_and_delete_leaves_a_duplicate_and_never_a_loss(road: Redriving) -> None:
    road.put("dead", alert(1))
    road.sqs.failing["delete_message"] = KeyboardInterrupt()  # type: ignore[assignment] # a kill
    with pytest.raises(KeyboardInterrupt):
        road.redrive(**FOR_REAL)
    assert road.bodies("alerts") == road.bodies("dead") == [alert(1)]
    road.sqs.failing.clear()
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1}
    assert road.bodies("alerts") == [alert(1)] * 2
    first = road.claims.claim("default", "sns-1", 1)
    assert isinstance(first, Claim)
    first.commit()
    assert isinstance(road.claims.claim("default", "sns-1", 1), Duplicate)


def test_e8_a_second_redrive_refuses_while_one_runs_and_looks_at_nothing(road: Redriving) -> None:
    reports: list[dict[str, str | int | bool]] = []
    road.put("dead", alert(1))
    road.put("dead", alert(2))
    road.on_pause = lambda: reports.append(road.redrive(**FOR_REAL))
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 2}
    [second] = reports
    assert (ends(second), second["stopped"]) == ({}, "running")


def test_e8_the_other_queue_is_free_meanwhile(road: Redriving) -> None:
    road.put("dead", alert(1))
    road.put("parking", alert(2), hop=0)
    reports: list[dict[str, str | int | bool]] = []
    road.on_pause = lambda: reports.append(road.redrive(queue="parking", **FOR_REAL))
    road.redrive(**FOR_REAL)
    assert ends(reports[0]) == {"moved": 1}


def test_e8_the_lease_of_a_redrive_that_died_ends_by_itself(road: Redriving) -> None:
    road.put("dead", alert(1))
    died = Claims(rows=road.rows, lease=90, clock=lambda: time.time() - 91)
    assert isinstance(died.claim("redrive", "dead_letters", 0), Claim)
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1}
