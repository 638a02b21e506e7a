"""Scenarios of redrive: each begins with a queue that holds one undelivered message."""

import json
import time

from tests.e2e.scenarios import DELIVERED, expect
from tests.support.local_aws.pipeline import LocalPipeline, unique


def dead_letter_is_moved(pipeline: LocalPipeline) -> None:
    _is_moved(pipeline, pipeline.stack.dead_letter_queue_url, "dead_letters")


def parked_alert_is_moved(pipeline: LocalPipeline) -> None:
    _is_moved(pipeline, pipeline.stack.parking_queue_url, "parking")


def dead_letter_moves_to_the_end_of_its_lane(pipeline: LocalPipeline) -> None:
    url = pipeline.stack.lanes_dead_letter_queue_url
    _is_moved(pipeline, url, "dead_letters", lane=pipeline.default_lane)


def _is_moved(pipeline: LocalPipeline, queue_url: str, queue: str, lane: str = "") -> None:
    """Check that a message is moved, or is the probe if intake has not just finished a record."""
    name = unique()
    alert = pipeline.put(queue_url, name, lane)
    report = pipeline.redrive(queue=queue, dry_run=False)
    expect("sent, failed", (report["moved"] + report["probes"], report["failed"]), (1, 0))
    expect("messages left", pipeline.queued(queue_url, name), [])
    expect("outcomes", pipeline.outcomes(alert), [DELIVERED])


def dead_letter_stays_in_a_dry_run(pipeline: LocalPipeline) -> None:
    _stays_in_a_dry_run(pipeline, pipeline.stack.dead_letter_queue_url, "dead_letters")


def parked_alert_stays_in_a_dry_run(pipeline: LocalPipeline) -> None:
    _stays_in_a_dry_run(pipeline, pipeline.stack.parking_queue_url, "parking")


def dead_letter_of_a_lane_stays_in_a_dry_run(pipeline: LocalPipeline) -> None:
    url = pipeline.stack.lanes_dead_letter_queue_url
    _stays_in_a_dry_run(pipeline, url, "dead_letters", lane=pipeline.default_lane)


def _stays_in_a_dry_run(pipeline: LocalPipeline, queue_url: str, queue: str, lane: str = "") -> None:
    name = unique()
    pipeline.put(queue_url, name, lane)
    report = pipeline.redrive(queue=queue, dry_run=True)
    expect("would be sent, stopped", (report["moved"] + report["probes"], report["stopped"]), (1, "done"))
    expect("can be received at once", [one.is_visible for one in pipeline.queued(queue_url, name)], [True])


def expired_dead_letter_is_parked(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.put(pipeline.stack.dead_letter_queue_url, name, sent_at=time.time() - 12.5 * 86_400)
    report = pipeline.redrive(queue="dead_letters", dry_run=False)
    expect("expired, failed, stopped", (report["expired"], report["failed"], report["stopped"]), (1, 0, "done"))
    facts = [json.loads(one.attributes["holdfast"]) for one in pipeline.queued(pipeline.stack.parking_queue_url, name)]
    expect("reasons in ParkingQueue", [one["reason"] for one in facts], ["expired"])
