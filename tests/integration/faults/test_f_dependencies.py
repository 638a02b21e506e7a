"""Rows F7, F9, F10 and F12 of the fault catalogue: the table, the log and AWS's credentials fail."""

import io
import sys
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from slack_alerts import app
from tests.integration.faults.conftest import Pipeline
from tests.integration.faults.test_f_secrets import failing_ssm, refusal
from tests.support.handlers.slack_alerts import changed_credential_store

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
    """Let the table of the function's rows fail, after this many calls."""
    rows: Any = app.wire().delivery.claims.rows
    client = FailingTable(error, rows.table.client, after=after)
    rows.table = replace(rows.table, client=client, policy=rows.table.policy.with_(sleep=lambda _: None))
    return client


@pytest.mark.parametrize("error", DOWN, ids=lambda error: str(error)[:60])
def test_f7_without_the_table_one_alert_is_posted_then_the_others_and_the_table_is_called_once(
    pipeline: Pipeline, error: Exception
) -> None:
    app.wire()
    client = break_table(error)
    assert pipeline.send(*"abcdef") == []
    assert pipeline.posts == 2  # the second is a digest
    assert client.calls <= 2


def test_f7_while_the_table_is_down_this_process_remembers_its_posts(plain: Pipeline) -> None:
    app.wire()
    break_table(DOWN[-1])
    assert plain.send("a") == []
    assert plain.send("a") == []
    assert plain.posts == 1


@pytest.mark.parametrize("error", DOWN, ids=lambda error: str(error)[:60])
def test_f9_after_a_failed_commit_this_process_posts_once(pipeline: Pipeline, error: Exception) -> None:
    app.wire()
    break_table(error, after=2)  # the lane is read and the alert claimed
    assert pipeline.send("a") == []
    assert pipeline.send("a") == []
    assert pipeline.posts == 1


class Closed(io.StringIO):
    """A standard output without a reader."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_f10_a_broken_log_stops_no_alert(plain: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    app.wire()
    break_table(DOWN[-1])  # which would be counted
    plain.play("/ok", "/500", "/503")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Closed())
        assert plain.send("a", "b") == []
    assert plain.posts == 4


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


def test_f12_expired_credentials_of_aws_are_tried_once_more(plain: Pipeline) -> None:
    credential_store: Any = app.wire().delivery.destinations.credential_store
    client = Expiring(credential_store.store.client)
    policy = credential_store.policy.with_(sleep=lambda _: None)
    with changed_credential_store(store=type(credential_store.store)(client), policy=policy):
        assert plain.send("a") == []
    assert (client.calls, plain.posts) == (2, 1)


def test_f12_credentials_that_stay_expired_are_left_to_the_queue(plain: Pipeline) -> None:
    with failing_ssm(refusal("ExpiredTokenException")) as client:
        assert plain.send("a", "b") == ["m1", "m2"]
    assert client.calls == 2
