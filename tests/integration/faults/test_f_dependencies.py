"""Rows F7, F9, F10 and F12 of the fault catalogue: the table, the log and AWS's credentials fail."""

import io
import sys

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.integration.faults.conftest import Pipeline
from tests.integration.faults.test_f_secrets import refusal

DOWN = [
    refusal("ProvisionedThroughputExceededException"),
    refusal("ResourceNotFoundException"),
    refusal("AccessDeniedException"),
    EndpointConnectionError(endpoint_url="https://dynamodb.example.com"),
]


def break_table(pipeline: Pipeline, error: Exception, *, after: int = 0) -> None:
    """Let the table of the function's rows fail, after this many calls."""
    table = pipeline.stack.table
    last = table.calls.total() + after

    def fail(_operation: str) -> None:
        if table.calls.total() > last:
            raise error

    table.before = fail


@pytest.mark.parametrize("error", DOWN, ids=lambda error: str(error)[:60])
def test_f7_without_the_table_one_alert_is_posted_then_the_others_and_the_table_is_called_once(
    pipeline: Pipeline, error: Exception
) -> None:
    break_table(pipeline, error)
    assert pipeline.send(*"abcdef") == []
    assert pipeline.posts == 2  # the second is a digest
    assert pipeline.stack.table.calls.total() <= 2


@pytest.mark.parametrize("error", DOWN, ids=lambda error: str(error)[:60])
def test_f9_after_a_failed_commit_this_process_posts_once(pipeline: Pipeline, error: Exception) -> None:
    break_table(pipeline, error, after=2)  # the lane is read and the alert claimed
    assert pipeline.send("a") == []
    assert pipeline.send("a") == []
    assert pipeline.posts == 1


class Closed(io.StringIO):
    """A standard output without a reader."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_f10_a_broken_log_stops_no_alert(plain: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    break_table(plain, DOWN[-1])  # which would be counted
    plain.play("/ok", "/500", "/503")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Closed())
        assert plain.send("a", "b") == []
    assert plain.posts == 4


def test_f12_expired_credentials_of_aws_are_tried_once_more(plain: Pipeline) -> None:
    ssm = plain.stack.ssm

    def expired_once(**_: object) -> object:
        ssm.instead.clear()
        raise refusal("ExpiredTokenException")

    ssm.instead["get_parameter"] = expired_once
    assert plain.send("a") == []
    assert (ssm.calls["get_parameter"], plain.posts) == (2, 1)


def test_f12_credentials_that_stay_expired_are_left_to_the_queue(plain: Pipeline) -> None:
    plain.stack.ssm.failing["get_parameter"] = refusal("ExpiredTokenException")
    assert plain.send("a", "b") == ["m1", "m2"]
    assert plain.stack.ssm.calls["get_parameter"] == 2
