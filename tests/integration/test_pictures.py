"""The handler with pictures on: CloudWatch and Slack by sockets, the rest of AWS in this process."""

import json
from collections.abc import Iterator, Mapping

import pytest

from aws_events.record import UnknownEvent
from configuration import clients
from demo.graphs.png import png
from demo.graphs.server import GraphServer
from demo.slack.standin import SlackStandin
from notifications.parsing import parse
from record_batch.batch_response import BatchResponse
from slack_alerts import app
from slack_alerts.models import BotToken, Place
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.samples.notifications import record

DONE: BatchResponse = {"batchItemFailures": []}


@pytest.fixture
def slack() -> Iterator[SlackStandin]:
    with SlackStandin(burst=100) as standin:
        yield standin


@pytest.fixture
def cloudwatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphServer]:
    with GraphServer() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", server.url)
        clients._session.cache_clear()  # noqa: SLF001 - it keeps the endpoints of the environment
        yield server
        clients._session.cache_clear()  # noqa: SLF001 - as above


@pytest.fixture
def stack(slack: SlackStandin, cloudwatch: GraphServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    assert cloudwatch.url
    secret = json.dumps({"token": slack.bot_token(), "channel": slack.channel_id("ops")})
    with deployed(monkeypatch, secret, api_url=slack.api_url, pictures="on") as stack:
        yield stack


def event(*names: str, number: int = 1, **fields: object) -> Mapping[str, object]:
    bodies = [sns_body(alarm_message(AlarmName=name, **fields), message_id=f"sns-{name}-{number}") for name in names]
    return lane_event(*bodies)


def history(slack: SlackStandin) -> list[str]:
    """Return each message: its first line, or the name of its file; `>` is a reply."""
    return [
        ("> " if one.thread_ts else "") + (one.file.title if one.file else one.posting.text.partition(":")[0])
        for one in slack.history("ops")
    ]


def test_an_alarm_gets_its_graph_in_its_thread(stack: Deployed, slack: SlackStandin, cloudwatch: GraphServer) -> None:
    assert stack.handle(event("cpu")) == DONE
    assert history(slack) == ["🔴 ALARM cpu", "> cpu"]
    [graph] = cloudwatch.graphs
    assert graph["metrics"] == [["AWS/Lambda", "Errors", "FunctionName", "checkout", {"stat": "Sum", "period": 60}]]


def test_a_second_delivery_and_an_ok_get_no_graph(stack: Deployed, slack: SlackStandin) -> None:
    for _ in range(2):
        assert stack.handle(event("cpu")) == DONE
    ok = event("cpu", number=2, NewStateValue="OK", StateChangeTime="2026-01-31T12:05:41.123+0000")
    assert stack.handle(ok) == DONE
    assert history(slack) == ["🔴 ALARM cpu", "> cpu", "> 🟢 OK cpu"]


def test_a_digest_gets_no_graph(stack: Deployed, slack: SlackStandin, cloudwatch: GraphServer) -> None:
    assert stack.handle(event("a", "b", "c")) == DONE
    assert len(history(slack)) == 1
    assert cloudwatch.graphs == []


def test_the_records_are_deleted_before_the_first_graph(
    stack: Deployed, cloudwatch: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted: list[list[str]] = []
    answer = cloudwatch.answer

    def watched(body: bytes) -> tuple[int, bytes]:
        deleted.append([*stack.sqs.deleted])
        return answer(body)

    monkeypatch.setattr(cloudwatch, "answer", watched)
    assert stack.handle(event("a", "b")) == DONE
    assert deleted == [["r1", "r2"]] * 2


@pytest.mark.usefixtures("stack")
def test_a_picture_of_an_invocation_that_raised_is_not_left_to_the_next(cloudwatch: GraphServer) -> None:
    pictures = app.wire().pictures
    assert pictures is not None
    pictures.want(BotToken("xoxb-1", "C0OPS"), Place("C0OPS", "1.000001"), parse(record(alarm_message())))
    with pytest.raises(UnknownEvent):
        app.handler({"detail": {}}, FixedContext())
    assert app.handler({"Records": []}, FixedContext()) == DONE
    assert cloudwatch.graphs == []


@pytest.mark.parametrize(
    "answers",
    [["AccessDenied"], ["Throttling"] * 2, [png(1, 1)], [b""]],
    ids=["denied", "throttled", "size", "empty"],
)
def test_h17_h18_h19_no_failure_of_the_drawing_reaches_the_alert(
    stack: Deployed, slack: SlackStandin, cloudwatch: GraphServer, answers: list[bytes | str]
) -> None:
    cloudwatch.answers = answers
    assert stack.handle(event("cpu"), seconds=10.0) == DONE
    assert history(slack) == ["🔴 ALARM cpu"]
    assert stack.sqs.deleted == ["r1"]
    assert (stack.parked(), stack.ops_messages(), stack.sent()) == ([], [], [])


@pytest.mark.parametrize("call", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize(
    "answer", [{"status": 429, "retry_after": 60}, {"status": 500}, {"reset": True}, {"body": "x"}]
)
def test_h16_h18_h19_h20_no_failure_of_the_upload_reaches_the_alert(
    stack: Deployed, slack: SlackStandin, call: str, answer: dict[str, object]
) -> None:
    slack.script([answer], webhook=call, repeat=True)
    assert stack.handle(event("cpu"), seconds=10.0) == DONE
    assert history(slack) == ["🔴 ALARM cpu"]
    assert stack.sqs.deleted == ["r1"]
    assert (stack.parked(), stack.ops_messages(), stack.sent()) == ([], [], [])
