"""The same of the function redrive. Each begins with a queue that holds one letter."""

import json
import time

from tests.e2e.scenarios import DELIVERED, expect
from tests.support.local_aws.pipeline import LocalRoad, unique


def dead_letter_is_sent_back(road: LocalRoad) -> None:
    _is_sent_back(road, road.stack.dead_letter_queue_url, "dead_letters")


def parked_alert_is_sent_back(road: LocalRoad) -> None:
    _is_sent_back(road, road.stack.parking_queue_url, "parking")


def dead_letter_goes_to_the_end_of_its_lane(road: LocalRoad) -> None:
    _is_sent_back(road, road.stack.lanes_dead_letter_queue_url, "dead_letters", lane=road.default_lane)


def _is_sent_back(road: LocalRoad, queue_url: str, queue: str, lane: str = "") -> None:
    """Redrive sends a dead letter of AlertsQueue as a probe and waits, unless intake has just finished a record."""
    name = unique()
    alert = road.put(queue_url, name, lane)
    report = road.redrive(queue=queue, dry_run=False)
    expect("sent, failed", (report["moved"] + report["probes"], report["failed"]), (1, 0))
    expect("letters left", len(road.queued(queue_url, name)), 0)
    expect("outcomes", road.outcomes(alert), [DELIVERED])


def dead_letter_is_looked_at_and_left(road: LocalRoad) -> None:
    _is_looked_at_and_left(road, road.stack.dead_letter_queue_url, "dead_letters")


def parked_alert_is_looked_at_and_left(road: LocalRoad) -> None:
    _is_looked_at_and_left(road, road.stack.parking_queue_url, "parking")


def dead_letter_of_a_lane_is_looked_at_and_left(road: LocalRoad) -> None:
    _is_looked_at_and_left(road, road.stack.lanes_dead_letter_queue_url, "dead_letters", lane=road.default_lane)


def _is_looked_at_and_left(road: LocalRoad, queue_url: str, queue: str, lane: str = "") -> None:
    name = unique()
    road.put(queue_url, name, lane)
    report = road.redrive(queue=queue, dry_run=True)
    expect("would be sent, stopped", (report["moved"] + report["probes"], report["stopped"]), (1, "done"))
    expect("can be received at once", [one.is_visible for one in road.queued(queue_url, name)], [True])


def expired_dead_letter_is_parked(road: LocalRoad) -> None:
    name = unique()
    road.put(road.stack.dead_letter_queue_url, name, sent_at=time.time() - 12.5 * 86_400)
    report = road.redrive(queue="dead_letters", dry_run=False)
    expect("expired, failed, stopped", (report["expired"], report["failed"], report["stopped"]), (1, 0, "done"))
    facts = [json.loads(one.attributes["holdfast"]) for one in road.queued(road.stack.parking_queue_url, name)]
    expect("reasons in ParkingQueue", [one["reason"] for one in facts], ["expired"])
