"""What people ask for: a dry run first, a part of the letters, what is parked."""

from redrive import app
from redrive.moves import PACE
from tests.support.lambda_context import FixedContext
from tests.support.redriving import ALERTS_ARN, Redriving, alert
from tests.unit.redrive.test_redrive import FOR_REAL, ends


def test_a_dry_run_says_what_would_happen_and_moves_nothing(road: Redriving) -> None:
    for number, hop in enumerate((0, 0, 3)):
        road.put("dead", alert(number), hop=hop)
    report = road.redrive()
    assert (ends(report), report["dry_run"]) == ({"moved": 2, "parked": 1}, True)
    assert (road.bodies("alerts"), road.bodies("parking"), road.visible("dead"), road.slept) == ([], [], 3, [])


def test_a_dry_run_of_a_destination_that_is_down_announces_one_probe_and_sends_none(road: Redriving) -> None:
    road.open_circuit(ago=60)
    for number in range(3):
        road.put("dead", alert(number))
    before = road.rows.read("circuit#default#1")
    assert ends(road.redrive()) == {"probes": 1, "waiting": 2}
    assert (road.bodies("alerts"), road.rows.read("circuit#default#1")) == ([], before)


def test_who_asks_for_nothing_gets_a_dry_run_of_the_dead_letters(road: Redriving) -> None:
    road.put("dead", alert(1))
    report = app.handler({}, FixedContext())
    assert (report["queue"], report["dry_run"], report["moved"]) == ("dead_letters", True, 1)
    assert road.bodies("alerts") == []


def test_what_is_parked_goes_back_with_one_hop_more_however_many_it_has(road: Redriving) -> None:
    road.put("parking", alert(1), hop=0, reason="destination_refused")
    road.put("parking", alert(2), hop=7, reason="keeps_failing")
    assert ends(road.redrive(queue="parking", **FOR_REAL)) == {"moved": 2}
    assert sorted(road.hops("alerts")) == [1, 8]
    assert not [facts for facts in road.facts("alerts") if "reason" in facts]
    assert road.bodies("parking") == []


def test_from_parking_a_probe_has_its_hop_too(road: Redriving) -> None:
    road.open_circuit(ago=60)
    for number in range(2):
        road.put("parking", alert(number), hop=0)
    assert ends(road.redrive(queue="parking", **FOR_REAL)) == {"moved": 1, "waiting": 1}
    assert road.hops("alerts") == [1]


def test_only_what_was_parked_for_that_reason(road: Redriving) -> None:
    road.put("parking", alert(1), hop=0, reason="destination_refused")
    road.put("parking", alert(2), hop=0, reason="message_refused")
    report = road.redrive(queue="parking", reasons=["destination_refused"], **FOR_REAL)
    assert ends(report) == {"moved": 1, "filtered": 1}
    assert (road.bodies("alerts"), road.bodies("parking"), road.visible("parking")) == ([alert(1)], [alert(2)], 1)


def test_a_request_for_an_aws_call_stays_parked(road: Redriving) -> None:
    road.put("parking", "a request", hop=0, reason="expired", queue="arn:aws:sqs:eu-west-1:123456789012:actions")
    road.put("parking", alert(1), hop=0, reason="message_refused", queue=ALERTS_ARN)
    road.put("parking", alert(2), hop=3, reason="keeps_failing", queue="")  # as redrive parks it
    report = road.redrive(queue="parking", **FOR_REAL)
    assert ends(report) == {"moved": 2, "filtered": 1}
    assert sorted(road.bodies("alerts")) == sorted([alert(1), alert(2)])
    assert (road.bodies("parking"), road.visible("parking")) == (["a request"], 1)
    assert not [facts for facts in road.facts("alerts") if "queue" in facts]


def test_only_what_is_old_enough(road: Redriving) -> None:
    road.put("dead", alert(1))
    assert ends(road.redrive(older_than=3600, **FOR_REAL)) == {"filtered": 1}
    assert road.visible("dead") == 1
    assert ends(road.redrive(older_than=0, **FOR_REAL)) == {"moved": 1}


def test_not_more_than_asked_for(road: Redriving) -> None:
    for number in range(5):
        road.put("dead", alert(number))
    report = road.redrive(limit=2, **FOR_REAL)
    assert (ends(report), report["stopped"]) == ({"moved": 2}, "limit")
    assert (len(road.bodies("alerts")), road.visible("dead")) == (2, 3)


def test_it_goes_at_the_pace_of_the_queue_behind(road: Redriving) -> None:
    for number in range(3):
        road.put("dead", alert(number))
    road.redrive(**FOR_REAL)
    assert road.slept == [PACE] * 3


def test_it_stops_before_its_deadline_and_shows_what_it_held(road: Redriving) -> None:
    for number in range(30):
        road.put("dead", alert(number))
    report = road.redrive(seconds=1.0, **FOR_REAL)
    assert (ends(report), report["stopped"]) == ({}, "time")
    assert road.visible("dead") == 30


def test_time_that_runs_out_on_the_way_loses_nothing(road: Redriving) -> None:
    for number in range(30):
        road.put("dead", alert(number))
    report = road.redrive(seconds=8.0, **FOR_REAL)
    assert (ends(report), report["stopped"]) == ({"moved": 15}, "time")
    assert (len(road.bodies("alerts")), road.visible("dead")) == (15, 15)
