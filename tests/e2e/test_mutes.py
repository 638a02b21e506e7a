"""A muted route on the local AWS: its alerts wait, and arrive as a digest that says so."""

import json

from tests.e2e.mute_scenarios import muted
from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

SECONDS = 25.0
"""Longer than a new environment of intake takes to start, also on a busy machine."""


def test_alerts_of_a_muted_route_arrive_after_its_end_as_a_digest_that_says_so(pipeline: LocalPipeline) -> None:
    prefix = unique("muted")
    names = [f"{prefix}-{number}" for number in range(4)]
    with muted(pipeline, prefix, SECONDS) as ends:
        said = f"until {ends:%Y-%m-%d %H:%M} UTC"
        for name in names:
            pipeline.publish(name)
        held = wait_for(lambda: pipeline.log_lines('"message":"later"', ends.timestamp() - SECONDS), SECONDS)
        assert {json.loads(line)["reason"] for line in held} == {"muted"}
        assert pipeline.posts(*names) == []
        posts = wait_for(lambda: found if len(found := pipeline.posts(said)) > 1 else [], 3 * SECONDS)
        arrived = wait_for(lambda: all(pipeline.posts(name) for name in names))
    assert arrived
    assert min(one.time for one in pipeline.posts(*names)) >= ends.timestamp() - 1.0
    assert all(said in one.body for one in pipeline.posts(*names))
    assert posts[0].time < ends.timestamp()
    assert any(sum(name in one.body for name in names) >= 3 for one in pipeline.posts(*names))
