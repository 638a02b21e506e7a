"""Rows F7, F9, F10 and F12 of the fault catalogue: the table, the log and the credentials of AWS fail."""

import io
import sys
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from slack_alerts import app
from tests.integration.faults.conftest import Road
from tests.integration.faults.test_f_secrets import break_ssm, refusal

DOWN = [
    refusal("ProvisionedThroughputExceededException"),
    refusal("ResourceNotFoundException"),
    refusal("AccessDeniedException"),
    EndpointConnectionError(endpoint_url="https://dynamodb.example.com"),
]


class FailingTable:
    """A DynamoDB client that fails from its nth call on."""

    def __init__(self, error: Exception, client: Any = None, *, after: int = 0) -> None:  # noqa: ANN401 - boto3's own
        self.error = error
        self.client = client
        self.left = after
        self.calls = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - boto3's own
        def call(**request: object) -> object:
            self.calls += 1
            self.left -= 1
            if self.left < 0:
                raise self.error
            return getattr(self.client, name)(**request)

        return call


def break_table(error: Exception, *, after: int = 0) -> FailingTable:
    """From now on the table of the function's rows fails."""
    rows: Any = app.wire().delivery.claims.rows
    client = FailingTable(error, rows.table.client, after=after)
    rows.table = replace(rows.table, client=client, policy=rows.table.policy.with_(sleep=lambda _: None))
    return client


@pytest.mark.parametrize("error", DOWN, ids=lambda error: str(error)[:60])
def test_f7_without_its_table_one_alert_is_posted_and_then_the_others_and_the_table_is_asked_once(
    road: Road, error: Exception
) -> None:
    app.wire()
    client = break_table(error)
    assert road.send(*"abcdef") == []
    assert road.posts == 2  # the second is a digest
    assert client.calls <= 2


def test_f7_while_the_table_is_down_this_process_still_knows_what_it_posted(plain_road: Road) -> None:
    app.wire()
    break_table(DOWN[-1])
    assert plain_road.send("a") == []
    assert plain_road.send("a") == []
    assert plain_road.posts == 1


@pytest.mark.parametrize("error", DOWN, ids=lambda error: str(error)[:60])
def test_f9_a_commit_that_fails_is_acknowledged_and_posted_once_by_this_process(road: Road, error: Exception) -> None:
    app.wire()
    break_table(error, after=2)  # the lane is read and the alert claimed
    assert road.send("a") == []
    assert road.send("a") == []
    assert road.posts == 1


class Closed(io.StringIO):
    """A standard output that nobody reads."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_f10_a_log_that_takes_nothing_stops_no_alert(plain_road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    app.wire()
    break_table(DOWN[-1])  # which would be counted
    plain_road.play("/ok", "/500", "/503")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Closed())
        assert plain_road.send("a", "b") == []
    assert plain_road.posts == 4


class Expiring:
    """An SSM client whose credentials have expired once."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3's own
        self.client = client
        self.calls = 0

    def get_parameter(self, **request: object) -> object:
        self.calls += 1
        if self.calls == 1:
            raise refusal("ExpiredTokenException")
        return self.client.get_parameter(**request)


def test_f12_credentials_of_aws_that_expired_are_tried_once_more(plain_road: Road) -> None:
    credential_store: Any = app.wire().delivery.destinations.credential_store
    client = Expiring(credential_store.store.client)
    with plain_road.stack.reading(
        type(credential_store.store)(client), credential_store.policy.with_(sleep=lambda _: None)
    ):
        assert plain_road.send("a") == []
    assert (client.calls, plain_road.posts) == (2, 1)


def test_f12_credentials_that_stay_expired_are_left_to_the_queue(
    plain_road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        client = break_ssm(patched, refusal("ExpiredTokenException"))
        assert plain_road.send("a", "b") == ["m1", "m2"]
    assert client.calls == 2
