import json

import pytest

from aws_events.severity import Severity
from notifications.line import line
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import record


def said_of(value: object) -> str:
    return line(parse(record(json.dumps(value))))


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            {
                "source": "com.example.shop",
                "detail-type": "Order Export",
                "account": "111122223333",
                "region": "eu-west-1",
                "detail": {"status": "failed", "exportName": "nightly", "errorMessage": "disk full", "note": None},
            },
            "🔴 FAILED Order Export: disk full (111122223333, eu-west-1)",
        ),
        ({"state": "Completed", "name": "import", "awsRegion": "eu-west-1"}, "🟢 COMPLETED import (eu-west-1)"),
        ({"message": "hello"}, "🔔 Message: hello"),
    ],
)
def test_known_keys_become_the_line(event: object, expected: str) -> None:
    assert said_of(event).startswith(expected.rstrip(")"))


def test_the_long_text_has_words_for_keys_and_no_nulls_or_secrets() -> None:
    said = parse(record(json.dumps({"jobName": "sync", "retryCount": 3, "empty": {}, "none": None, "dbPassword": "x"})))
    assert said.reason.splitlines() == ["job name: sync", "retry count: 3", "db password: [hidden]"]


def test_severity_is_read_from_its_key() -> None:
    said = parse(record(json.dumps({"name": "disk", "priority": "P1", "status": "firing"})))
    assert (said.severity, said.severity_word, said.status) == (Severity.CRITICAL, "P1", Status.NOTICE)


def test_a_list_of_events_says_how_many_there_are_besides() -> None:
    assert "(+2 more)" in said_of([{"name": "a"}, {"name": "b"}, {"name": "c"}])
