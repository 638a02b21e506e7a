from collections.abc import Callable

import pytest
import requests

from benchmarks.loops import Handle, raw_loop, session_loop
from tests.support.fault_server.behaviours import ask
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.slack.loopback import LoopbackSlack

type Loop = Callable[[str, None], Handle]
EVENT = lane_event(*(sns_body(alarm_message(AlarmName=name)) for name in ("one", "two")))


def closing(status: int) -> str:
    """Return an answer after which the client closes its connection."""
    return ask(f"/{status}", header="Connection: close", then="close")


@pytest.mark.parametrize("loop", [session_loop, raw_loop])
def test_a_loop_posts_each_alarm(loop: Loop) -> None:
    with LoopbackSlack([closing(200)] * 2) as slack:
        loop(slack.webhook(), None)(EVENT)
    assert [text.partition(":")[0] for text in slack.texts()] == ["one", "two"]


@pytest.mark.parametrize("loop", [session_loop, raw_loop])
def test_a_loop_raises_if_slack_refuses(loop: Loop) -> None:
    with LoopbackSlack([closing(500)]) as slack, pytest.raises((requests.HTTPError, OSError)):
        loop(slack.webhook(), None)(EVENT)
