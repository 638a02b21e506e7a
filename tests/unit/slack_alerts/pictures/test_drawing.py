"""Graphs of CloudWatch, over a socket; the server knows this one call."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from demo.graphs.png import png
from demo.graphs.server import GraphServer
from retry_policies import Deadline
from retry_policies.aws import aws_config
from slack_alerts.pictures.drawing import DRAWING, CloudWatch, Drawing
from slack_alerts.pictures.failure import NoPicture, Reason
from tests.support.steps.clock import FakeClock

GRAPH = '{"width": 800}'


@pytest.fixture
def server() -> Iterator[GraphServer]:
    with GraphServer() as server:
        yield server


def cloudwatch(url: str, read_timeout: float = 2.0) -> Any:  # noqa: ANN401 - the stubs know the answer as a TypedDict
    return boto3.client(
        "cloudwatch",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - no secret
        config=aws_config(connect_timeout=2.0, read_timeout=read_timeout),
    )


def draw(server: GraphServer, read_timeout: float = 2.0) -> bytes:
    client = cloudwatch(server.url, read_timeout)
    return Drawing(lambda: client, DRAWING.with_(sleep=lambda _: None)).draw(GRAPH, Deadline.after(30.0))


def failure(server: GraphServer, read_timeout: float = 2.0) -> tuple[Reason, str]:
    with pytest.raises(NoPicture) as raised:
        draw(server, read_timeout)
    return raised.value.reason, raised.value.code


def test_the_picture_is_that_of_cloudwatch(server: GraphServer) -> None:
    assert draw(server) == png()
    assert server.graphs == [{"width": 800}]


def test_h17_a_picture_of_another_size_is_none(server: GraphServer) -> None:
    server.answers = [png(600, 400), b"<html>", b""]
    assert failure(server) == (Reason.WRONG_PICTURE, "another size")
    assert failure(server) == (Reason.WRONG_PICTURE, "no picture")
    assert failure(server) == (Reason.WRONG_PICTURE, "no picture")


def test_h18_a_call_that_is_denied_is_made_once(server: GraphServer) -> None:
    server.answers = ["AccessDenied"]
    assert failure(server) == (Reason.NOT_DRAWN, "AccessDenied")
    assert len(server.graphs) == 1


def test_h19_a_throttled_call_is_made_twice(server: GraphServer) -> None:
    server.answers = ["Throttling"] * 2
    assert failure(server) == (Reason.THROTTLED, "Throttling")
    server.answers = ["Throttling"]
    assert draw(server) == png()
    assert len(server.graphs) == 4


def test_h19_a_wait_that_cloudwatch_asks_for_is_told(server: GraphServer) -> None:
    server.answers, server.headers = ["Throttling"], {"Retry-After": "90"}
    with pytest.raises(NoPicture) as raised:
        draw(server)
    assert (raised.value.reason, raised.value.retry_after) == (Reason.THROTTLED, 90.0)


def test_h16_a_drawing_that_hangs_ends(server: GraphServer) -> None:
    server.answers = ["hang"] * 2
    assert failure(server, read_timeout=0.1) == (Reason.NOT_DRAWN, "unanswered")


def test_without_time_nothing_is_asked_and_no_client_is_made() -> None:
    def made() -> CloudWatch:
        raise AssertionError

    with pytest.raises(NoPicture) as raised:
        Drawing(made).draw(GRAPH, Deadline.after(2.9, clock=FakeClock()))
    assert raised.value.reason is Reason.NO_TIME
