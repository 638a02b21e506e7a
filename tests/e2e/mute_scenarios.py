"""Stories of muted routes, and the scenario of the permission to read the routes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.e2e.scenarios import DELIVERED, expect
from tests.support.local_aws.pipeline import ALERTS, INTAKE, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

LONG = 45.0
"""Seconds: longer than a scenario waits."""


@contextmanager
def muted(pipeline: LocalPipeline, prefix: str, seconds: float) -> Iterator[datetime]:
    """Mute alarms with this prefix, beginning now, by the routes of intake; yield the end."""
    ssm, name = pipeline.aws.client("ssm"), pipeline.stack.routes_parameter
    before = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    now = datetime.now(UTC).replace(microsecond=0)
    ends = now + timedelta(seconds=seconds)
    mute = {"from": f"{now:%Y-%m-%dT%H:%M:%SZ}", "until": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    route = {"match": {"alarm": f"{prefix}*"}, "destination": pipeline.default_lane, "mute": mute}
    pipeline.aws.store_routes(pipeline.stack, json.dumps({"routes": [route, *json.loads(before)["routes"]]}))
    pipeline.restart(INTAKE)
    try:
        yield ends
    finally:
        pipeline.aws.store_routes(pipeline.stack, before)
        pipeline.restart(INTAKE)


def is_delivered_when_its_mute_is_removed(pipeline: LocalPipeline) -> None:
    """Check that slack_alerts reads the routes before it holds an alert, and not those that intake has cached."""
    name = unique("muted")
    with pipeline.aws.paused(pipeline.stack, ALERTS), muted(pipeline, name, LONG):
        alert = pipeline.publish(name)
        expect("alerts in a lane", len(wait_for(lambda: pipeline.queued(pipeline.stack.lanes_queue_url, name))), 1)
    moved = f"moved to lane {pipeline.default_lane}, receive 1"
    expect("outcomes", pipeline.outcomes(alert, 2), [moved, DELIVERED])
