"""One redrive at a time, over all its queues; without the table none."""

import json
import time

import boto3
import pytest

from redrive import app
from redrive.request import RequestError
from shared_state.claims import Claim, Claims
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.redrive import BY_HAND, FOR_REAL, RedriveStack, Report, alert, alerts, ends
from tests.support.steps.scripted_store import refusal
from tests.support.steps.tables import NAME


def stopped(capsys: pytest.CaptureFixture[str]) -> int:
    """Count the RedriveStopped metrics since the last call."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return sum("RedriveStopped" in line for line in lines)


def test_the_scheduled_event_works_through_both_queues_of_dead_letters_without_trouble(
    stack: RedriveStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.intake_succeeds()
    stack.put_lane("team", 1)
    stack.put("dead", alert(2))
    report = app.handler({"queue": "dead_letters", "dry_run": False}, FixedContext())
    assert (ends(report), report["stopped"], stopped(capsys)) == ({"moved": 2}, "done", 0)
    assert (stack.bodies("lanes.fifo"), stack.bodies("alerts")) == ([alert(1)], [alert(2)])


def test_an_invalid_event_moves_nothing(stack: RedriveStack) -> None:
    stack.put_lane("team", 1)
    with pytest.raises(RequestError, match="dryrun"):
        app.handler({"dryrun": False}, FixedContext())
    assert stack.visible("lanes-dead.fifo") == 1


def test_e8_a_redrive_that_starts_while_another_runs_does_nothing(stack: RedriveStack) -> None:
    reports: list[Report] = []
    stack.put("dead", *alerts(1, 2))

    def start_another() -> None:
        reports.append(stack.redrive(**FOR_REAL))
        stack.intake_succeeds()

    stack.on_pause = start_another
    assert ends(stack.redrive(**FOR_REAL)) == {"probes": 1, "moved": 1}
    [second] = reports
    assert (ends(second), second["stopped"]) == ({}, "running")


def test_e8_parked_alerts_can_be_redriven_while_dead_letters_are(stack: RedriveStack) -> None:
    reports: list[Report] = []
    stack.put("dead", alert(1))
    stack.put("parking", alert(2), hop=0, reason="message_refused")
    stack.on_pause = lambda: reports.append(stack.redrive(**BY_HAND))
    stack.redrive(**FOR_REAL)
    assert ends(reports[0]) == {"moved": 1}


def test_e8_the_lease_of_a_redrive_that_died_ends_by_itself(stack: RedriveStack) -> None:
    stack.put_lane("team", 1)
    died = Claims(rows=stack.rows, lease=90, clock=lambda: time.time() - 91)
    assert isinstance(died.claim("redrive", "dead_letters", 0), Claim)
    assert ends(stack.redrive(**FOR_REAL)) == {"moved": 1}


def test_f11_without_the_table_nothing_moves(stack: RedriveStack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.put_lane("team", 1)
    stack.put("dead", alert(2))
    boto3.client("dynamodb").delete_table(TableName=NAME)
    report = stack.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"], stopped(capsys)) == ({}, "trouble", 1)
    assert (stack.visible("lanes-dead.fifo"), stack.visible("dead")) == (1, 1)


def test_a_table_that_fails_stops_the_redrive_which_reports_the_moved_messages(
    stack: RedriveStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.put_lane("team", 1)
    stack.put("dead", *alerts(*range(3)))
    stack.on_pause = lambda: boto3.client("dynamodb").delete_table(TableName=NAME)
    report = stack.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"], stopped(capsys)) == ({"moved": 1, "probes": 1}, "trouble", 1)
    assert (stack.bodies("alerts"), stack.visible("dead")) == ([alert(0)], 2)


def test_f11_a_queue_that_cannot_be_read_stops_the_redrive_but_not_that_of_the_other_queue(
    stack: RedriveStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.intake_succeeds()
    stack.sqs.failing["receive_message lanes-dead.fifo"] = refusal("AccessDenied")
    stack.put_lane("team", 1)
    stack.put("dead", alert(2))
    report = stack.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"], stopped(capsys)) == ({"moved": 1}, "trouble", 1)
    assert (stack.bodies("alerts"), stack.visible("lanes-dead.fifo")) == ([alert(2)], 1)


def test_a_message_that_a_queue_refuses_counts_as_trouble(
    stack: RedriveStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.put_lane("team", 1)
    stack.sqs.failing["send_message_batch"] = refusal("AccessDenied")
    assert (ends(stack.redrive(**FOR_REAL)), stopped(capsys)) == ({"failed": 1}, 1)
