"""Stories of pictures on the local AWS. It draws no graphs, so a server on this machine does."""

from collections.abc import Iterator

import pytest

from demo.graphs.server import GraphServer
from demo.slack.conversations import ChannelMessage
from demo.slack.history import history_lines
from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

CHANNEL = "chat"


@pytest.fixture
def name() -> str:
    return unique("bot")


@pytest.fixture(autouse=True)
def settings(pipeline: LocalPipeline) -> Iterator[None]:
    yield
    pipeline.slack.files.absent.clear()


def alarm(pipeline: LocalPipeline, name: str, state: str = "ALARM", moment: str = "12:00:00") -> str:
    """Publish a change of an alarm of the stack's own account and Region; return its SNS id."""
    _, _, _, region, account, _ = pipeline.stack.alerts_topic_arn.split(":")
    return pipeline.publish(
        name,
        NewStateValue=state,
        StateChangeTime=f"2026-01-31T{moment}.000+0000",
        AWSAccountId=account,
        AlarmArn=f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    )


def history(pipeline: LocalPipeline, name: str) -> list[ChannelMessage]:
    return [
        one
        for one in pipeline.slack.history(CHANNEL)
        if name in one.posting.text or (one.file and one.file.title == name)
    ]


def test_an_alarm_gets_its_graph_in_its_thread(pipeline: LocalPipeline, cloudwatch: GraphServer, name: str) -> None:
    assert pipeline.outcomes(alarm(pipeline, name)) == ["delivered, receive 1"]
    assert wait_for(lambda: len(history(pipeline, name)) == 2)
    assert pipeline.outcomes(alarm(pipeline, name, "OK", "12:05:00")) == ["delivered, receive 1"]
    root, picture, ok = history(pipeline, name)
    assert (picture.thread_ts, ok.thread_ts) == (root.ts, root.ts)
    assert picture.file is not None
    assert picture.file.data.startswith(b"\x89PNG")
    told = list(history_lines([root, picture, ok]))
    assert told[0].startswith(f"🔴 ALARM {name}")
    assert "in the thread: [picture: Graph from 2026-01-31 11:00 to " in "\n".join(told)
    assert cloudwatch.graphs[-1]["annotations"]["horizontal"][0]["value"] == 5.0


def test_h20_a_bot_outside_the_channel_delivers_the_alert_without_its_graph(pipeline: LocalPipeline, name: str) -> None:
    pipeline.slack.files.absent.add(CHANNEL)
    sns_id = alarm(pipeline, name)
    assert pipeline.outcomes(sns_id) == ["delivered, receive 1"]
    [line] = [one for one in pipeline.wait_for_lines("no picture", 0.0) if sns_id in one]
    assert '"code":"not_in_channel"' in line
    assert len(history(pipeline, name)) == 1
