"""Scenarios of the alert functions: each needs a permission of a role.

test_scenarios.py runs them all. `make prove` takes away a permission and expects its scenario to fail.
"""

import json
import time

from tests.support.local_aws.pipeline import INTAKE, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for
from tests.support.stack.policies import Policy

DELIVERED = "delivered, receive 1"
RETRY_AFTER = 3
"""Seconds: as long as a lane may work in a batch, less than the lane's visibility timeout of 10."""
SOON_IN_LANE = 9.0
"""Seconds: RETRY_AFTER with its jitter and time to spare, and before that visibility timeout."""
SOON = 20.0
"""Seconds: before the visibility timeout of 30 s of AlertsQueue and ActionsQueue."""
CLOSED = [{"body": "channel_not_found"}]


def expect(name: str, actual: object, expected: object) -> None:
    """Assert equality with a message that does not depend on pytest."""
    assert actual == expected, f"{name}: {actual} instead of {expected}"


def is_delivered(pipeline: LocalPipeline) -> None:
    name = unique()
    expect("outcomes", pipeline.outcomes(pipeline.publish(name)), [DELIVERED])
    expect("posts", len(pipeline.posts(name)), 1)


def leaves_its_lane(pipeline: LocalPipeline) -> None:
    since = time.time()
    expect("outcomes", pipeline.outcomes(pipeline.publish(unique())), [DELIVERED])
    expect("warnings", pipeline.log_lines("not deleted", since), [])


def is_taken_in(pipeline: LocalPipeline) -> None:
    """Check that intake sends the alert to its lane and writes the time of this success."""
    pipeline.restart(INTAKE)  # a warm environment writes the row twice a minute only
    alert = pipeline.publish(unique())
    moved = f"moved to lane {pipeline.default_lane}, receive 1"
    expect("outcomes", pipeline.outcomes(alert, function=INTAKE), [moved])
    expect("rows", wait_for(lambda: list(pipeline.rows("success#intake")), SOON), ["success#intake"])


def goes_by_its_route(pipeline: LocalPipeline) -> None:
    name = unique("bot")
    expect("outcomes", pipeline.outcomes(pipeline.publish(name)), [DELIVERED])
    expect("channels", [one.webhook for one in pipeline.posts(name)], ["#chat"])


def is_claimed(pipeline: LocalPipeline) -> None:
    before, since = pipeline.rows("claim#"), time.time()
    expect("outcomes", pipeline.outcomes(pipeline.publish(unique())), [DELIVERED])
    rows = [state for key, state in pipeline.rows("claim#").items() if key not in before]
    bypassed = pipeline.log_lines("ClaimsBypassed", since)
    expect("rows of its claim, claims bypassed", (rows, bypassed), (["posted"], []))


def comes_back_when_asked(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.slack.script([{"status": 429, "retry_after": RETRY_AFTER}], match=name)
    outcomes = pipeline.outcomes(pipeline.publish(name), 2, SOON_IN_LANE)
    expect("outcomes in time", outcomes, ["later: throttled, receive 1", "delivered, receive 2"])


def its_lane_is_healthy_again(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.slack.script([{"status": 429, "retry_after": RETRY_AFTER}], match=name)
    alert = pipeline.publish(name)
    expect("outcomes", pipeline.outcomes(alert), ["later: throttled, receive 1"])
    expect("rows of the lane", pipeline.rows("lane#"), {f"lane#{pipeline.default_lane}": "failing"})
    pipeline.outcomes(alert, 2)
    expect("rows of the lane", pipeline.rows("lane#"), {})


def moves_to_the_default_lane(pipeline: LocalPipeline) -> None:
    """Check that an alert whose destination is closed is delivered to the default one, with a note."""
    name = unique("bot")
    pipeline.slack.script(CLOSED, webhook="#chat", match=name)
    outcomes = pipeline.outcomes(pipeline.publish(name), 2)
    expect("outcomes", outcomes, [f"moved to lane {pipeline.default_lane}, receive 1", DELIVERED])
    [post] = pipeline.posts(name)
    expect("channel and note", (post.webhook, "meant for chat" in post.text), ("ops", True))


def comes_back_to_intake(pipeline: LocalPipeline) -> None:
    """Check that intake retries an alert that it could not send to its lane."""
    name = unique()
    with Policy.lacking(pipeline, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"):
        alert = pipeline.publish(name)
        expect("outcomes", pipeline.outcomes(alert, function=INTAKE), ["later: not_sent, receive 1"])
    outcomes = pipeline.outcomes(alert, 2, SOON, INTAKE)
    expect("outcomes in time", outcomes[1:], [f"moved to lane {pipeline.default_lane}, receive 2"])
    expect("posts", len(wait_for(lambda: pipeline.posts(name))), 1)


def is_parked_by_intake(pipeline: LocalPipeline) -> None:
    """Check that intake parks an alert from a topic that is not allowed."""
    name = unique()
    topic = f"{pipeline.stack.alerts_topic_arn}-other"
    body = {"Type": "Notification", "MessageId": name, "TopicArn": topic, "Message": "x"}
    pipeline.aws.client("sqs").send_message(QueueUrl=pipeline.stack.alerts_queue_url, MessageBody=json.dumps(body))
    parked = "parked: unexpected_source (topic), receive 1"
    expect("outcomes", pipeline.outcomes(name, function=INTAKE), [parked])
    expect("copies in ParkingQueue", len(pipeline.queued(pipeline.stack.parking_queue_url, name)), 1)


def leaves_the_queue_beside_a_suspect(pipeline: LocalPipeline) -> None:
    """Check that intake deletes at once the records that end beside a suspect of a crash."""
    name, since = unique(), time.time()
    with pipeline.aws.paused(pipeline.stack, INTAKE):
        alert = pipeline.publish(name)
        pipeline.receive_twice(pipeline.stack.alerts_queue_url, name)
    moved = f"moved to lane {pipeline.default_lane}, receive 3"
    expect("outcomes", pipeline.outcomes(alert, function=INTAKE), [moved])
    expect("warnings", pipeline.log_lines("not deleted", since, INTAKE), [])


def is_parked(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.slack.script(CLOSED, match=name)
    parked = "parked: destination_refused (channel_not_found), receive 1"
    expect("outcomes", pipeline.outcomes(pipeline.publish(name)), [parked])
    expect("copies in ParkingQueue", len(pipeline.queued(pipeline.stack.parking_queue_url, name)), 1)
    expect("requests", [one.status for one in pipeline.requests(name)], [404])


def operations_are_told(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.restart()  # operations are notified once in a quarter of an hour
    pipeline.slack.script(CLOSED, match=name)
    assert pipeline.outcomes(pipeline.publish(name))
    expect("messages to operations", len(pipeline.ops_messages(name)), 1)


def is_queued_by_intake(pipeline: LocalPipeline) -> str:
    """Check that a direct alert that could not be sent to its lane is in AlertsQueue; return its name."""
    name, topic = unique(), pipeline.stack.parameters["DirectTopicArn"]
    with Policy.lacking(pipeline, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"):
        alert = pipeline.publish(name, topic)
        expect("outcomes", pipeline.outcomes(alert, function=INTAKE), ["later: not_sent, receive 1"])
        queued = pipeline.queued(pipeline.stack.alerts_queue_url, name)
    expect("topics of its copies in AlertsQueue", [json.loads(one.body)["TopicArn"] for one in queued], [topic])
    return name
