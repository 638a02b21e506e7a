"""Events of no known kind: the line, the fields, and what is hidden."""

import json
from typing import Any

import pytest

from notifications.line import line
from notifications.models import Notification, Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"


def said_of(value: object, **changes: Any) -> Notification:  # noqa: ANN401 - each field has its own type
    return parse(record(json.dumps(value), topic_arn=TOPIC, **changes))


def event(detail_type: str, detail: object, **changes: object) -> dict[str, object]:
    envelope = {"source": "com.shop", "detail-type": detail_type, "account": "111122223333", "region": "eu-west-1"}
    return {**envelope, "detail": detail, **changes}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            event("Order Export", {"status": "failed", "exportName": "nightly", "errorMessage": "disk full"}),
            "🔴 FAILED Order Export nightly: disk full",
        ),
        ({"state": "Completed", "name": "import", "rows": 7}, "🟢 COMPLETED import: rows: 7"),
        ({"message": "hello"}, "🔔 Message from alerts: hello"),
        (
            event("Order Failed", {"order": {"id": "17", "customer": {"name": "Jo"}}, "why": {"reason": "broke"}}),
            "🔴 Order Failed 17: broke",
        ),
        (event("Job Change", {"jobName": "sync", "jobStatus": "FAILED"}), "🔴 FAILED Job Change sync"),
        ({"action": "completed", "run": {"name": "CI", "conclusion": "failure"}}, "🔴 FAILURE CI: action: completed"),
        ({"event": {"event_type": "incident.triggered", "data": {"title": "Down"}}}, "🔴 INCIDENT.TRIGGERED Down"),
        ({"name": "node-3", "healthy": False, "ready": True}, "🔴 NOT HEALTHY node-3: healthy: no, ready: yes"),
        ({"status": "done", "name": "sync", "job": {"jobStatus": "FAILED"}}, "🔴 FAILED sync: status: done"),
        ({"name": "node-3", "ready": True}, "🟢 READY node-3: ready: yes"),
        ({"level": "error", "title": "NullPointer", "message": "in checkout"}, "🟠 ERROR NullPointer: in checkout"),
        ({"status": "ok", "name": "sync", "error": "disk full"}, "🔴 OK sync: disk full"),
        ({"status": "ok", "name": "sync", "error": "none"}, "🟢 OK sync: none"),
        ({"name": "cam-2", "status": "offline"}, "🔴 OFFLINE cam-2"),
        ({"name": "shop", "statusCode": 503}, "🔴 STATUS 503 shop: status code: 503"),
        ({"name": "shop", "statusCode": 204}, "🔔 shop: status code: 204"),
        (event("Thing Down", json.dumps({"name": "t-1", "reason": "no beat"})), "🔴 Thing Down t-1: no beat"),
        (event("Snapshot", {}, resources=["arn:aws:ec2::eu-west-1:snapshot/snap-1"]), "🔔 Snapshot snap-1: no values"),
        ({"Änderung": "Größe", "状态": "失败"}, "🔔 Message from alerts: änderung: Größe, 状态: 失败"),
        (
            {"items": [{"name": f"n{number}", "status": "failed"} for number in range(9)]},
            "🔴 FAILED Message from alerts",
        ),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"status": "FAILED"}}}}}}}}}}, "🔴 FAILED Message from"),
        ({"": "x", "only": None}, "🔔 Message from alerts: value: x"),
        ({}, "🔔 Message from alerts: no values"),
        ({"a": None, "b": [], "c": {}}, "🔔 Message from alerts: no values"),
    ],
)
def test_known_keys_become_the_line(value: object, expected: str) -> None:
    assert line(said_of(value)).startswith(expected)
    assert line(said_of(value)).endswith("(111122223333, eu-west-1)")


@pytest.mark.parametrize("text", ['{"status": "failed", "value": NaN, "low": -Infinity}', f'{{"n": {"9" * 400}}}'])
def test_a_value_that_is_no_number_or_too_long_is_not_in_the_line(text: str) -> None:
    said = line(parse(record(text)))
    assert "nan" not in said.casefold()
    assert "inf" not in said.casefold()
    assert len(said) < 250


def test_the_first_values_are_fields_and_the_others_are_lines_without_nulls() -> None:
    said = said_of({f"keyNumber{number}": f"v{number}" for number in range(60)} | {"none": None, "empty": {}})
    assert said.facts[0] == ("key number0", "v0")
    assert (len(said.facts), len(said.reason.splitlines()), said.reason.splitlines()[-1]) == (8, 41, "12 more values")


def test_a_long_reason_is_cut_in_the_line_and_whole_in_the_long_text() -> None:
    said = said_of({"message": "x" * 900})
    assert (len(said.summary), said.reason) == (251, "x" * 900)


def test_secrets_are_hidden_and_the_message_says_so() -> None:
    secrets = {
        "password": "canary-1",
        "note": "token=canary-2 and more",
        "db": "postgres://app:canary-3@db/x",
        "email": "canary.four@example.org",
        "requester": "jane@example.com",
    }
    said = said_of({"name": "sync", **secrets})
    assert "canary" not in repr((said.title, said.summary, said.reason, said.facts))
    assert dict(said.facts)["Hidden"] == "4 values that may be secret or personal"
    assert dict(said.facts)["requester"] == "jane@example.com"


def test_a_severity_without_a_state_is_the_label() -> None:
    said = said_of(event("Finding", {"severity": "HIGH", "name": "port 22"}))
    assert (line(said).partition(" (")[0], said.severity_word) == ("🟠 HIGH Finding port 22", "HIGH")


def test_account_and_region_of_the_event_come_before_those_of_the_topic() -> None:
    said = said_of({"awsAccountId": "444455556666", "awsRegion": "eu-north-1", "status": "running"})
    assert (said.account, said.region, said.status) == ("444455556666", "eu-north-1", Status.NOTICE)


@pytest.mark.parametrize("state", ["offline", "BLOCKED", "Throttled", "suspended"])
def test_a_thing_that_cannot_work_is_bad(state: str) -> None:
    assert said_of({"name": "node-1", "state": state}).status is Status.FIRING


@pytest.mark.parametrize(
    "word",
    ["UNAVAILABLE", "ServiceUnavailable", "NotReady", "NOT_READY", "unsuccessful", "Incomplete", "no longer available"],
)
def test_a_negated_word_of_success_is_bad(word: str) -> None:
    assert said_of({"name": "node-1", "status": word}).status is Status.FIRING
    assert (
        said_of({"detail-type": f"Node {word}", "source": "shop", "detail": {"name": "node-1"}}).status is Status.FIRING
    )


def test_a_state_that_only_contains_a_word_of_success_is_a_notice() -> None:
    assert said_of({"name": "report", "status": "disclosed"}).status is Status.NOTICE
