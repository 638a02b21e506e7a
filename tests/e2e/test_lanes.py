"""A failing lane beside a healthy one, on the local AWS."""

import json

from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

PAUSE = 3
EARLY = 0.3
"""Seconds by which two clocks of this machine may differ."""


def order(pipeline: LocalPipeline, names: list[str]) -> list[str]:
    """Return the names in the order in which accepted posts show them."""
    return [name for post in pipeline.posts(*names) for name in sorted(names, key=post.body.find) if name in post.body]


def test_a_failing_lane_is_received_alone_after_its_pause_and_in_order_beside_a_healthy_one(
    pipeline: LocalPipeline,
) -> None:
    lanes = pipeline.stack.lanes_queue_url
    failing, healthy = [unique() for _ in range(3)], [unique("bot") for _ in range(2)]
    pipeline.slack.script([{"status": 503, "retry_after": PAUSE}], webhook="ops", match=failing[0])
    with pipeline.aws.paused(pipeline.stack):
        for name in (failing[0], healthy[0], failing[1], healthy[1], failing[2]):
            pipeline.publish(name)
            assert wait_for(lambda name=name: pipeline.queued(lanes, name))  # type: ignore[misc] # bound now
    [refused] = wait_for(lambda: [one for one in pipeline.requests(*failing) if not one.is_accepted])
    assert wait_for(lambda: order(pipeline, healthy) == healthy)

    def waiting() -> list[str]:
        return [json.loads(json.loads(one.body)["Message"])["AlarmName"] for one in pipeline.queued(lanes)]

    assert wait_for(lambda: waiting() == failing, PAUSE - 1)  # those of the healthy lane are deleted meanwhile
    assert wait_for(lambda: order(pipeline, failing) == failing)
    assert pipeline.posts(*failing)[0].time - refused.time >= PAUSE - EARLY
    assert wait_for(lambda: not pipeline.queued(lanes))
    later = pipeline.log_lines('"message":"later"', refused.time)
    assert [json.loads(line)["lane"] for line in later] == [pipeline.default_lane]
