"""The same of the function redrive. Each begins with a queue that holds one letter."""

import json

from tests.e2e.scenarios import DELIVERED, expect
from tests.support.local_road import LocalRoad, unique


def dead_letter_is_sent_back(road: LocalRoad) -> None:
    _is_sent_back(road, road.stack.dead_letter_queue_url, "dead_letters")


def parked_alert_is_sent_back(road: LocalRoad) -> None:
    _is_sent_back(road, road.stack.parking_queue_url, "parking")


def _is_sent_back(road: LocalRoad, queue_url: str, queue: str) -> None:
    name = unique()
    alert = road.put(queue_url, name)
    report = road.redrive(queue=queue, dry_run=False)
    expect("moved, failed, stopped", (report["moved"], report["failed"], report["stopped"]), (1, 0, "done"))
    expect("letters left", len(road.queued(queue_url, name)), 0)
    expect("outcomes", road.outcomes(alert), [DELIVERED])


def dead_letter_is_looked_at_and_left(road: LocalRoad) -> None:
    _is_looked_at_and_left(road, road.stack.dead_letter_queue_url, "dead_letters")


def parked_alert_is_looked_at_and_left(road: LocalRoad) -> None:
    _is_looked_at_and_left(road, road.stack.parking_queue_url, "parking")


def _is_looked_at_and_left(road: LocalRoad, queue_url: str, queue: str) -> None:
    name = unique()
    road.put(queue_url, name)
    report = road.redrive(queue=queue, dry_run=True)
    expect("would move, stopped", (report["moved"], report["stopped"]), (1, "done"))
    expect("can be received at once", [one.is_visible for one in road.queued(queue_url, name)], [True])


def what_keeps_failing_is_parked(road: LocalRoad) -> None:
    name = unique()
    road.put(road.stack.dead_letter_queue_url, name, hop=3)
    report = road.redrive(queue="dead_letters", dry_run=False)
    expect("parked, failed, stopped", (report["parked"], report["failed"], report["stopped"]), (1, 0, "done"))
    facts = [json.loads(one.attributes["holdfast"]) for one in road.queued(road.stack.parking_queue_url, name)]
    expect("reasons in ParkingQueue", [one["reason"] for one in facts], ["keeps_failing"])
