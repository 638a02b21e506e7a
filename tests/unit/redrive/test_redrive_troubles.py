"""Where something cannot be read or written nothing is moved, and it is counted."""

import json
from dataclasses import replace

import boto3
import pytest

from redrive.moves import Mover
from redrive.versions import Parameters
from tests.support.redriving import Redriving, alert, store_routes
from tests.support.scripted_store import refusal
from tests.support.tables import NAME
from tests.unit.redrive.test_redrive import FOR_REAL, ends


def stopped(capsys: pytest.CaptureFixture[str]) -> int:
    """How often RedriveStopped was counted since the last look."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return sum("RedriveStopped" in line for line in lines)


def test_f11_without_the_table_nothing_moves(road: Redriving, capsys: pytest.CaptureFixture[str]) -> None:
    road.put("dead", alert(1))
    boto3.client("dynamodb", region_name="eu-west-1").delete_table(TableName=NAME)
    report = road.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"], stopped(capsys)) == ({}, "trouble", 1)
    assert (road.bodies("alerts"), road.visible("dead")) == ([], 1)


def test_while_the_routes_are_invalid_nothing_moves_however_often_it_is_tried(
    road: Redriving, capsys: pytest.CaptureFixture[str]
) -> None:
    road.put("dead", alert(1))
    store_routes("no JSON")
    for _ in range(2):  # an environment that is warm must not forget it
        report = road.redrive(**FOR_REAL)
        assert (ends(report), report["stopped"], stopped(capsys)) == ({}, "trouble", 1)
    assert (road.bodies("alerts"), road.visible("dead")) == ([], 1)
    store_routes({"routes": []})
    assert ends(road.redrive(**FOR_REAL)) == {"moved": 1}


def test_f11_while_the_version_of_a_secret_cannot_be_read_nothing_moves(
    road: Redriving, capsys: pytest.CaptureFixture[str]
) -> None:
    class Denied:
        def get_parameter(self, **_: object) -> object:
            raise refusal("AccessDeniedException")

    def denied(mover: Mover) -> Mover:
        versions = replace(mover.judge.versions, store=Parameters(Denied()))
        return replace(mover, judge=replace(mover.judge, versions=versions))

    road.change = denied
    road.put("dead", alert(1))
    report = road.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"], stopped(capsys)) == ({}, "trouble", 1)
    assert road.visible("dead") == 1


def test_f11_a_queue_that_may_not_be_read_is_trouble(road: Redriving, capsys: pytest.CaptureFixture[str]) -> None:
    road.sqs.failing["receive_message"] = refusal("AccessDenied")
    assert (road.redrive(**FOR_REAL)["stopped"], stopped(capsys)) == ("trouble", 1)


@pytest.mark.parametrize("operation", ["send_message", "delete_message"])
@pytest.mark.parametrize("hop", [0, 3])
def test_f11_what_a_queue_refuses_stays_and_is_not_tried_fast(
    road: Redriving, capsys: pytest.CaptureFixture[str], operation: str, hop: int
) -> None:
    road.sqs.failing[operation] = refusal("AccessDenied")
    for number in range(3):
        road.put("dead", alert(number), hop=hop)
    assert ends(road.redrive(**FOR_REAL)) == {"failed": 3}
    assert (road.visible("dead"), stopped(capsys), road.slept) == (3, 1, [0.5] * 3)


def test_what_was_parked_and_could_not_be_deleted_is_not_parked_twice(road: Redriving) -> None:
    road.sqs.failing["delete_message"] = refusal("ServiceUnavailable", 503)
    road.put("dead", alert(1), hop=3)
    road.redrive(**FOR_REAL)
    road.sqs.failing.clear()
    assert ends(road.redrive(**FOR_REAL)) == {"duplicates": 1}
    assert (road.bodies("parking"), road.bodies("dead")) == ([alert(1)], [])


def test_what_cannot_be_parked_is_free_to_be_parked_later(road: Redriving) -> None:
    road.sqs.failing["send_message"] = refusal("ServiceUnavailable", 503)
    road.put("dead", alert(1), hop=3)
    road.redrive(**FOR_REAL)
    road.sqs.failing.clear()
    assert ends(road.redrive(**FOR_REAL)) == {"parked": 1}


def test_what_cannot_be_shown_again_is_so_by_itself_and_is_no_error(road: Redriving) -> None:
    road.sqs.failing["change_message_visibility"] = refusal("AccessDenied")
    road.open_circuit()
    road.put("dead", alert(1))
    assert ends(road.redrive(**FOR_REAL)) == {"waiting": 1}
    assert (len(road.bodies("dead")), road.visible("dead")) == (1, 0)


@pytest.mark.parametrize(("source", "queue"), [("dead_letters", "dead"), ("parking", "parking")])
def test_e4_what_was_looked_at_often_is_still_counted(road: Redriving, source: str, queue: str) -> None:
    road.open_circuit()
    road.put(queue, alert(1))
    for _ in range(5):
        assert ends(road.redrive(queue=source, **FOR_REAL)) == {"waiting": 1}
    assert road.visible(queue) == 1
