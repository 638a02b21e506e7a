"""Acts in which a bot follows alarms: the changes of an alarm are one thread."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from demo.channels import FOLLOWED
from demo.metric_alarm import unique_name
from demo.slack.conversations import ChannelMessage
from demo.slack.history import history_lines
from demo.stage import Stage
from demo.state_change import state_change

MINUTE = timedelta(minutes=1)
"""By CloudWatch's clock, from one change to the next."""
FLAPPING = ("ALARM", "OK") * 4


def follows(stage: Stage) -> None:
    """Follow an alarm with a bot token: one thread with a graph of each ALARM; its first message shows the state."""
    name = unique_name(FOLLOWED)
    tell(stage, name, "ALARM", "OK", "ALARM", "OK", has_rule=True)
    stage.until(lambda: len(_graphs(stage, name)) > 1)
    root, *replies = shown(stage, name)
    graphs = _graphs(stage, name)
    stage.check("each ALARM has its graph in the thread", holds=[one.thread_ts for one in graphs] == [root.ts] * 2)
    stage.check("one message and three replies", holds=[one.thread_ts for one in replies] == [root.ts] * 3)
    stage.check(
        "the second ALARM is in the channel too", holds=[one.is_broadcast for one in replies] == [False, True, False]
    )
    stage.check("the first message says that it is over", holds="resolved after" in root.shown.text)


def flaps(stage: Stage) -> None:
    """Let an alarm change eight times: one thread, and its headline counts the changes."""
    name = unique_name(FOLLOWED)
    tell(stage, name, *FLAPPING)
    root, *replies = shown(stage, name)
    stage.check("one message and seven replies", holds=[one.thread_ts for one in replies] == [root.ts] * 7)
    stage.check("the first message says that it flaps", holds="flapping: 8 changes" in root.shown.text)


def is_deleted(stage: Stage) -> None:
    """Delete the message of an alarm: the next change begins a new thread."""
    name = unique_name(FOLLOWED)
    tell(stage, name, "ALARM")
    stage.slack.delete(FOLLOWED, _about(stage, name)[0].ts)
    tell(stage, name, "OK")
    [left] = shown(stage, name)
    stage.check("the OK is a message of its own", holds=not left.thread_ts)


def tell(stage: Stage, name: str, *states: str, has_rule: bool = False) -> None:
    """Publish changes of an alarm, each once the one before is delivered and the edit after it is done."""
    began = datetime.now(UTC) - len(states) * MINUTE
    for number, state in enumerate(states):
        stage.expected[f"{state} {name}"] = "delivered"
        told = len(_about(stage, name))
        message = state_change(name, state, began + number * MINUTE, has_rule=has_rule)
        stage.aws.client("sns").publish(TopicArn=stage.stack.alerts_topic_arn, Message=message)
        stage.until(lambda told=told: len(_about(stage, name)) > told)  # type: ignore[misc] # bound now
        stage.until(lambda state=state: _is_current(_about(stage, name), state))  # type: ignore[misc] # bound now


def shown(stage: Stage, name: str) -> list[ChannelMessage]:
    """Print the history of an alarm's messages, and return them."""
    found = _about(stage, name)
    lines = history_lines(sorted([*found, *_graphs(stage, name)], key=lambda one: float(one.ts)))
    stage.timeline.text("\n".join(lines))
    return found


def _about(stage: Stage, name: str) -> list[ChannelMessage]:
    return [one for one in stage.slack.history(FOLLOWED) if name in one.posting.text]


def _graphs(stage: Stage, name: str) -> list[ChannelMessage]:
    return [one for one in stage.slack.history(FOLLOWED) if one.file is not None and one.file.title == name]


def _is_current(messages: Sequence[ChannelMessage], state: str) -> bool:
    """Return whether the first message shows this state."""
    return f" {state} " in messages[0].shown.text.splitlines()[0]
