"""What the deployed functions can do only because their roles let them: one short scenario for each.

Played green by test_scenarios.py; `make prove` takes what it needs from a role and wants to see it go red.
"""

import json
import time

from tests.support.local_road import LocalRoad, unique
from tests.support.waiting import wait_for

DELIVERED = "delivered, receive 1"
PATIENCE = 6
"""Seconds that Slack asks for: more than an invocation lasts, less than the queue's own visibility timeout."""
SOON = 20.0
"""Seconds: PATIENCE and time to spare, and before the visibility timeout of 30 s."""


def expect(what: str, seen: object, wanted: object) -> None:
    """Also said where pytest is not there to say it."""
    assert seen == wanted, f"{what}: {seen} in place of {wanted}"


def is_delivered(road: LocalRoad) -> None:
    name = unique()
    expect("outcomes", road.outcomes(road.publish(name)), [DELIVERED])
    expect("posts", len(road.posts(name)), 1)


def goes_by_its_route(road: LocalRoad) -> None:
    name = unique("bot")
    expect("outcomes", road.outcomes(road.publish(name)), [DELIVERED])
    expect("channels", [one.webhook for one in road.posts(name)], ["#chat"])


def is_claimed(road: LocalRoad) -> None:
    before, since = road.rows("claim#"), time.time()
    expect("outcomes", road.outcomes(road.publish(unique())), [DELIVERED])
    rows = [state for key, state in road.rows("claim#").items() if key not in before]
    bypassed = len(road.said("ClaimsBypassed", since))
    expect("rows of its claim, claims bypassed", (rows, bypassed), (["posted"], 0))


def comes_back_when_asked(road: LocalRoad) -> None:
    name = unique()
    road.slack.script([{"status": 429, "retry_after": PATIENCE}], match=name)
    outcomes = road.outcomes(road.publish(name), 2, SOON)
    expect("outcomes in time", outcomes, ["later: throttled, receive 1", "delivered, receive 2"])


def leaves_the_queue_beside_a_suspect(road: LocalRoad) -> None:
    """From its third receive on an alert may be what kills the function: what ends beside it is deleted at once."""
    name, since = unique(), time.time()
    with road.aws.paused(road.stack):
        alert = road.publish(name)
        queue = road.stack.alerts_queue_url
        for receives in (1, 2):
            road.aws.client("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=0, MaxNumberOfMessages=10)
            assert wait_for(lambda receives=receives: [one.receives for one in road.queued(queue, name)] == [receives])  # type: ignore[misc] # bound now
    expect("outcomes", road.outcomes(alert), ["delivered, receive 3"])
    expect("warnings", len(road.said("not deleted", since)), 0)


def is_parked(road: LocalRoad) -> None:
    name = unique()
    road.slack.script([{"body": "channel_not_found"}], match=name)
    parked = "parked: destination_refused (channel_not_found), receive 1"
    expect("outcomes", road.outcomes(road.publish(name)), [parked])
    expect("copies in ParkingQueue", len(road.queued(road.stack.parking_queue_url, name)), 1)
    expect("requests", [one.status for one in road.slack.messages() if name in one.body], [404])


def operations_are_told(road: LocalRoad) -> None:
    name = unique()
    road.start_cold()  # they are told once in a quarter of an hour
    road.slack.script([{"body": "channel_not_found"}], match=name)
    assert road.outcomes(road.publish(name))
    expect("lines to operations", len(road.told(name)), 1)


def is_handed_on(road: LocalRoad) -> str:
    """An alert of the topic that invokes the function itself, and Slack asks for patience."""
    name = unique()
    road.slack.script([{"status": 429, "retry_after": PATIENCE}], match=name)
    alert = road.publish(name, road.stack.parameters["DirectTopicArn"])
    expect("outcomes", road.outcomes(alert), ["later: throttled, receive 1"])
    queued = road.queued(road.stack.alerts_queue_url, name)
    topics = [json.loads(one.body)["TopicArn"] for one in queued]
    expect("topics of its copies in AlertsQueue", topics, [road.stack.parameters["DirectTopicArn"]])
    return name
