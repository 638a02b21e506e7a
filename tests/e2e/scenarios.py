"""What the deployed functions can do only because their roles let them: one short scenario for each.

Played green by test_scenarios.py; `make prove` takes what it needs from a role and wants to see it go red.
"""

import json
import time

from tests.support.local_aws.pipeline import INTAKE, LocalRoad, unique
from tests.support.local_aws.waiting import wait_for
from tests.support.stack.policies import Policy

DELIVERED = "delivered, receive 1"
PATIENCE = 3
"""Seconds that Slack asks for: as long as a lane may work in a batch, less than the lane's visibility timeout of 10."""
SOON_IN_LANE = 9.0
"""Seconds: PATIENCE with its jitter and time to spare, and before that visibility timeout."""
SOON = 20.0
"""Seconds: before the visibility timeout of 30 s of AlertsQueue and ActionsQueue."""


def expect(what: str, seen: object, wanted: object) -> None:
    """Also said where pytest is not there to say it."""
    assert seen == wanted, f"{what}: {seen} in place of {wanted}"


def is_delivered(road: LocalRoad) -> None:
    name = unique()
    expect("outcomes", road.outcomes(road.publish(name)), [DELIVERED])
    expect("posts", len(road.posts(name)), 1)


def leaves_its_lane(road: LocalRoad) -> None:
    since = time.time()
    expect("outcomes", road.outcomes(road.publish(unique())), [DELIVERED])
    expect("warnings", len(road.said("not deleted", since)), 0)


def is_taken_in(road: LocalRoad) -> None:
    """intake sends the alert to its lane and writes the time of this success."""
    road.start_cold(INTAKE)  # a warm environment writes it twice a minute only
    alert = road.publish(unique())
    expect("outcomes", road.outcomes(alert, function=INTAKE), [f"moved to lane {road.default_lane}, receive 1"])
    expect("rows", wait_for(lambda: list(road.rows("success#intake")), SOON), ["success#intake"])


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
    outcomes = road.outcomes(road.publish(name), 2, SOON_IN_LANE)
    expect("outcomes in time", outcomes, ["later: throttled, receive 1", "delivered, receive 2"])


def its_lane_is_healthy_again(road: LocalRoad) -> None:
    name = unique()
    road.slack.script([{"status": 429, "retry_after": PATIENCE}], match=name)
    alert = road.publish(name)
    expect("outcomes", road.outcomes(alert), ["later: throttled, receive 1"])
    expect("rows of the lane", road.rows("lane#"), {f"lane#{road.default_lane}": "failing"})
    road.outcomes(alert, 2)
    expect("rows of the lane", road.rows("lane#"), {})


def moves_to_the_default_lane(road: LocalRoad) -> None:
    """The destination of its route is closed."""
    name = unique("bot")
    road.slack.script([{"body": "channel_not_found"}], webhook="#chat", match=name)
    outcomes = road.outcomes(road.publish(name), 2)
    expect("outcomes", outcomes, [f"moved to lane {road.default_lane}, receive 1", DELIVERED])
    [post] = road.posts(name)
    expect("channel and note", (post.webhook, "meant for chat" in post.text), ("ops", True))


def comes_back_to_intake(road: LocalRoad) -> None:
    """At first intake may not send to lanes."""
    name = unique()
    with Policy.lacking(road, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"):
        alert = road.publish(name)
        expect("outcomes", road.outcomes(alert, function=INTAKE), ["later: not_sent, receive 1"])
    outcomes = road.outcomes(alert, 2, SOON, INTAKE)
    expect("outcomes in time", outcomes[1:], [f"moved to lane {road.default_lane}, receive 2"])
    expect("posts", len(wait_for(lambda: road.posts(name))), 1)


def is_parked_by_intake(road: LocalRoad) -> None:
    """A topic that this stack does not listen to sent it."""
    name = unique()
    body = {
        "Type": "Notification",
        "MessageId": name,
        "TopicArn": f"{road.stack.alerts_topic_arn}-other",
        "Message": "x",
    }
    road.aws.client("sqs").send_message(QueueUrl=road.stack.alerts_queue_url, MessageBody=json.dumps(body))
    expect("outcomes", road.outcomes(name, function=INTAKE), ["parked: unexpected_source (topic), receive 1"])
    expect("copies in ParkingQueue", len(road.queued(road.stack.parking_queue_url, name)), 1)


def leaves_the_queue_beside_a_suspect(road: LocalRoad) -> None:
    """From its third receive an alert may be the cause of crashes: records that end beside it are deleted at once."""
    name, since = unique(), time.time()
    with road.aws.paused(road.stack, INTAKE):
        alert = road.publish(name)
        queue = road.stack.alerts_queue_url
        for receives in (1, 2):
            road.aws.client("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=0, MaxNumberOfMessages=10)
            assert wait_for(lambda receives=receives: [one.receives for one in road.queued(queue, name)] == [receives])  # type: ignore[misc] # bound now
    expect("outcomes", road.outcomes(alert, function=INTAKE), [f"moved to lane {road.default_lane}, receive 3"])
    expect("warnings", len(road.said("not deleted", since, INTAKE)), 0)


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
    """An alert of the topic that invokes intake directly, and its lane does not take it at first."""
    name = unique()
    with Policy.lacking(road, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"):
        alert = road.publish(name, road.stack.parameters["DirectTopicArn"])
        expect("outcomes", road.outcomes(alert, function=INTAKE), ["later: not_sent, receive 1"])
        queued = road.queued(road.stack.alerts_queue_url, name)
    topics = [json.loads(one.body)["TopicArn"] for one in queued]
    expect("topics of its copies in AlertsQueue", topics, [road.stack.parameters["DirectTopicArn"]])
    return name
