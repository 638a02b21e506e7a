"""The act of a storm: sixty alarms to one channel, and one to another channel at the same time."""

import time
from collections.abc import Sequence

from demo.channels import TEAM
from demo.metric_alarm import unique_name
from demo.slack.memory import Request
from demo.stage import Stage
from demo.state_change import publish_all

ALARMS = 60
SECONDS = 10.0
"""The limit for the alarm to the other channel."""


def storm(stage: Stage) -> None:
    """Publish sixty alarms to one channel at once: it gets digests, and an alarm to another channel does not wait."""
    names, other = [unique_name("storm") for _ in range(ALARMS)], unique_name("orders-few")
    expected = {f"ALARM {name}": "delivered" for name in (*names, other)}
    stage.expected |= expected
    before, started_at = len(stage.slack.messages()), time.time()
    sns, topic_arn = stage.aws.client("sns"), stage.stack.alerts_topic_arn
    publish_all(sns, topic_arn, names)
    published = time.time()
    publish_all(sns, topic_arn, [other])
    stage.until(lambda: stage.have_ended(expected.keys()))
    posts = [one for one in stage.slack.messages(accepted=True) if one.number > before]
    digests = [one for one in posts if one.webhook != TEAM and _number_of(names, one) > 1]
    waited = next(one.time for one in posts if other in one.body) - published
    lasted = max(one.time for one in posts if one.webhook != TEAM) - started_at
    summary = f"{ALARMS} alarms in {len(posts) - 1} messages within {lasted:.1f} s, {len(digests)} of them digests"
    stage.check(summary, holds=bool(digests) and len(posts) <= ALARMS // 2)
    stage.check(f"the alarm to the other channel arrived after {waited:.1f} s", holds=waited < SECONDS)


def _number_of(names: Sequence[str], request: Request) -> int:
    return sum(name in request.body for name in names)
