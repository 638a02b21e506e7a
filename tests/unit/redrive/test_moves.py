"""Dead letters go back by themselves, parked alerts by hand; each is sent, then deleted."""

import json
import time
from hashlib import sha256
from typing import Any

import pytest

from record_batch.admission import EXPIRES_AFTER
from tests.support.handlers.redrive import BY_HAND, FOR_REAL, RedriveStack, alert, alerts, ends
from tests.support.samples.events import LANES_ARN, QUEUE_ARN, alarm_action, sns_event
from tests.support.steps.scripted_store import refusal

ACTIONS_ARN = "arn:aws:sqs:eu-west-1:123456789012:actions"
TOPIC_EVENT, ALARM_EVENT = sns_event("the disk is full"), alarm_action(time=None)


def test_dead_letters_of_a_lane_go_to_its_end_in_order_with_the_same_facts(stack: RedriveStack) -> None:
    stack.put_lane("team", *range(23))
    facts = stack.facts("lanes-dead.fifo")
    report = stack.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"]) == ({"moved": 23}, "done")
    assert (stack.bodies("lanes.fifo"), stack.bodies("lanes-dead.fifo")) == (alerts(*range(23)), [])
    sent = stack.facts("lanes.fifo")
    assert all(abs(one.pop("sent_at") - time.time()) < 60 for one in sent)
    assert [{**one, "follow": "", "remind_after": 0.0, "account_name": "", "renewed_at": None} for one in facts] == sent


def test_sqs_never_drops_a_moved_message_for_the_one_it_replaces(stack: RedriveStack) -> None:
    """Intake sent the same alert to this lane a moment ago, and SQS remembers that for five minutes."""
    [dead] = stack.put_lane("team", 1)
    intakes = sha256(b"sns-1\nteam\n2").hexdigest()
    stack.sqs.client.send_message(
        QueueUrl=stack.urls["lanes.fifo"], MessageBody="before", MessageGroupId="team", MessageDeduplicationId=intakes
    )
    assert ends(stack.redrive(**FOR_REAL)) == {"moved": 1}
    before, after = stack.messages("lanes.fifo")
    assert (before.body, after.body) == ("before", alert(1))
    assert after.deduplication_id == sha256(f"{dead}\nteam".encode()).hexdigest()


def test_e10_an_alert_that_dies_again_and_again_goes_back_on_every_run(stack: RedriveStack) -> None:
    hops = []
    stack.put_lane("team", 1)
    for _ in range(5):
        assert ends(stack.redrive(**FOR_REAL)) == {"moved": 1}
        [message], [facts] = stack.messages("lanes.fifo"), stack.facts("lanes.fifo")
        hops.append(facts["hop"])
        stack.messages("lanes.fifo").clear()
        stack.put("lanes-dead.fifo", message.body, lane="team", **facts)
    assert hops == [2] * 5
    assert stack.bodies("parking") == []


def test_the_group_of_a_standard_queue_is_not_a_lane(stack: RedriveStack) -> None:
    """Publishers set it for fair queues."""
    stack.intake_succeeds()
    stack.sqs.client.send_message(QueueUrl=stack.urls["dead"], MessageBody=alert(1), MessageGroupId="tenant")
    assert ends(stack.redrive(**FOR_REAL)) == {"moved": 1}
    assert (stack.bodies("alerts"), stack.bodies("lanes.fifo")) == (alerts(1), [])


@pytest.mark.parametrize(
    ("event", "body"),
    [(TOPIC_EVENT, TOPIC_EVENT["Records"][0]["Sns"]), (ALARM_EVENT, ALARM_EVENT)],
    ids=["topic", "alarm"],
)
def test_the_alert_of_a_direct_invocation_that_failed_goes_to_intake(
    stack: RedriveStack, event: dict[str, Any], body: dict[str, Any]
) -> None:
    stack.intake_succeeds()
    stack.put("dead", json.dumps({"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": event}))
    assert ends(stack.redrive(**FOR_REAL)) == {"moved": 1}
    assert [json.loads(one) for one in stack.bodies("alerts")] == [body]


@pytest.mark.parametrize("is_working", [False, True])
def test_e4_dead_letters_of_12_days_are_parked_before_anything_else(stack: RedriveStack, is_working: bool) -> None:  # noqa: FBT001 - a case
    old: dict[str, Any] = {"hop": 1, "sent_at": stack.clock() - EXPIRES_AFTER - 1}
    if is_working:
        stack.intake_succeeds()
    stack.put("lanes-dead.fifo", alert(1), lane="team", **old)
    stack.put("dead", alert(2), **old)
    assert ends(stack.redrive(**FOR_REAL)) == {"expired": 2}
    assert (stack.bodies("parking"), stack.bodies("lanes.fifo"), stack.bodies("alerts")) == (alerts(1, 2), [], [])
    for facts in stack.facts("parking"):
        assert (facts["reason"], facts["hop"], facts["sent_at"]) == ("expired", 1, old["sent_at"])


def test_a_message_without_facts_is_as_old_as_it_is_for_sqs(stack: RedriveStack) -> None:
    stack.put("dead", alert(1))
    stack.ahead = EXPIRES_AFTER - 60
    assert ends(stack.redrive(**FOR_REAL)) == {"probes": 1}
    stack.put("dead", alert(2))
    stack.ahead = EXPIRES_AFTER + 60
    assert ends(stack.redrive(**FOR_REAL)) == {"expired": 1}


def test_e4_expired_messages_behind_those_that_wait_for_intake_are_parked_too(stack: RedriveStack) -> None:
    for number in range(20):
        stack.put("dead", alert(number), sent_at=stack.clock() - 60)
    stack.put("dead", alert(20), sent_at=stack.clock() - EXPIRES_AFTER - 1)
    assert ends(stack.redrive(**FOR_REAL)) == {"probes": 1, "waiting": 19, "expired": 1}
    assert stack.bodies("parking") == alerts(20)


def test_an_alert_that_was_parked_as_expired_and_sent_back_is_not_expired_again(stack: RedriveStack) -> None:
    old: dict[str, Any] = {"hop": 0, "sent_at": stack.clock() - EXPIRES_AFTER - 1}
    stack.put("dead", alert(1), **old)
    assert ends(stack.redrive(**FOR_REAL)) == {"expired": 1}
    assert ends(stack.redrive(**BY_HAND)) == {"moved": 1}
    [facts] = stack.facts("alerts")
    assert (facts["hop"], facts["sent_at"]) == (1, old["sent_at"])
    stack.messages("alerts").clear()
    stack.put("lanes-dead.fifo", alert(1), lane="team", **facts)
    assert ends(stack.redrive(**FOR_REAL)) == {"moved": 1}


def test_parked_alerts_go_to_intake_by_hand_with_their_next_hop_and_a_new_age(stack: RedriveStack) -> None:
    """The function does not check whether intake works: a human has decided to redrive."""
    stack.put("parking", alert(1), hop=0, reason="destination_refused", queue=LANES_ARN)
    stack.put("parking", alert(2), hop=7, reason="keeps_failing", queue=QUEUE_ARN)
    assert ends(stack.redrive(**BY_HAND)) == {"moved": 2}
    assert (stack.bodies("alerts"), stack.bodies("parking"), stack.slept) == (alerts(1, 2), [], [])
    facts = stack.facts("alerts")
    assert [one["hop"] for one in facts] == [1, 8]
    assert all(abs(one["renewed_at"] - time.time()) < 60 for one in facts)
    assert not [one for one in facts if {"reason", "queue"} & one.keys()]


def test_parked_alerts_never_go_back_by_schedule(stack: RedriveStack) -> None:
    stack.put("parking", alert(1), hop=0, reason="destination_refused")
    assert ends(stack.redrive(**FOR_REAL)) == {}
    assert stack.visible("parking") == 1


def test_a_request_for_an_aws_call_stays_parked(stack: RedriveStack) -> None:
    stack.put("parking", "a request", hop=0, reason="expired", queue=ACTIONS_ARN)
    stack.put("parking", alert(1), hop=0, reason="message_refused", queue=LANES_ARN)
    stack.put("parking", alert(2), hop=3, reason="expired", queue="")  # as redrive parks it
    assert ends(stack.redrive(**BY_HAND)) == {"moved": 2, "filtered": 1}
    assert stack.bodies("alerts") == alerts(1, 2)
    assert (stack.bodies("parking"), stack.visible("parking")) == (["a request"], 1)


def test_only_alerts_with_the_requested_reason_go_back(stack: RedriveStack) -> None:
    stack.put("parking", alert(1), hop=0, reason="destination_refused")
    stack.put("parking", alert(2), hop=0, reason="message_refused")
    assert ends(stack.redrive(reasons=["destination_refused"], **BY_HAND)) == {"moved": 1, "filtered": 1}
    assert (stack.bodies("alerts"), stack.bodies("parking"), stack.visible("parking")) == (alerts(1), alerts(2), 1)
    assert ends(stack.redrive(queue="parking")) == {"moved": 1}  # a dry run
    assert (stack.bodies("alerts"), stack.visible("parking")) == (alerts(1), 1)


def test_only_messages_that_are_old_enough_go_back(stack: RedriveStack) -> None:
    stack.put_lane("team", 1)
    stack.put("lanes-dead.fifo", alert(2), lane="calm", sent_at=time.time() - 3601)
    assert ends(stack.redrive(older_than=3600, **FOR_REAL)) == {"moved": 1, "filtered": 1}
    assert (stack.bodies("lanes.fifo"), stack.visible("lanes-dead.fifo")) == (alerts(2), 1)


def test_a_filter_sees_ten_messages_of_a_lane_and_the_report_says_so(stack: RedriveStack) -> None:
    stack.put_lane("team", *range(15))
    stack.put_lane("calm", 20)
    report = stack.redrive(older_than=3600, **FOR_REAL)
    assert (ends(report), report["seen_per_lane_at_most"]) == ({"filtered": 11}, 10)
    assert stack.visible("lanes-dead.fifo") == 16


@pytest.mark.parametrize(("limit", "moved"), [(0, 0), (2, 2), (4, 4), (7, 7)])
def test_the_limit_counts_over_both_queues(stack: RedriveStack, limit: int, moved: int) -> None:
    stack.intake_succeeds()
    stack.put_lane("team", 1, 2, 3, 4)
    stack.put("dead", *alerts(*range(5, 9)))
    report = stack.redrive(limit=limit, **FOR_REAL)
    assert (sum(ends(report).values()), report["stopped"]) == (moved, "limit")
    assert stack.bodies("lanes.fifo") + stack.bodies("alerts") == alerts(*range(1, moved + 1))
    assert stack.visible("lanes-dead.fifo") + stack.visible("dead") == 8 - moved


def test_a_dry_run_moves_nothing_and_shows_everything_again(stack: RedriveStack) -> None:
    stack.put_lane("team", 1, 2)
    stack.put("lanes-dead.fifo", alert(3), lane="calm", sent_at=stack.clock() - EXPIRES_AFTER - 1)
    stack.put("dead", *alerts(*range(4, 17)))
    report = stack.redrive()
    assert ends(report) == {"moved": 2, "expired": 1, "probes": 1, "waiting": 12}
    assert (report["dry_run"], report["seen_per_lane_at_most"], stack.slept) == (True, 10, [])
    assert [stack.bodies(queue) for queue in ("lanes.fifo", "alerts", "parking")] == [[], [], []]
    assert (stack.visible("lanes-dead.fifo"), stack.visible("dead")) == (3, 13)


@pytest.mark.parametrize("seconds", [1.0, 2.0])
def test_without_time_everything_is_shown_again(stack: RedriveStack, seconds: float) -> None:
    stack.put_lane("team", *range(10))
    stack.sqs.before = lambda operation: stack.slept.append(2.0 * (operation == "receive_message"))
    report = stack.redrive(seconds=seconds, **FOR_REAL)
    assert (ends(report), report["stopped"], stack.visible("lanes-dead.fifo")) == ({}, "time", 10)


def test_a_redrive_that_runs_out_of_time_loses_nothing(stack: RedriveStack) -> None:
    stack.intake_succeeds()
    stack.put("dead", *alerts(*range(30)))
    stack.sqs.before = lambda operation: stack.slept.append(float(operation == "send_message"))
    report = stack.redrive(seconds=15.0, **FOR_REAL)
    assert (ends(report), report["stopped"]) == ({"moved": 15}, "time")
    assert (len(stack.bodies("alerts")), stack.visible("dead")) == (15, 15)


def test_a_page_of_a_lane_that_was_sent_is_deleted_even_if_the_time_ends_meanwhile(stack: RedriveStack) -> None:
    stack.put_lane("team", *range(15))
    stack.sqs.before = lambda operation: stack.slept.append(2.0 if operation == "send_message_batch" else 0.0)
    report = stack.redrive(seconds=2.0, **FOR_REAL)
    assert (stack.bodies("lanes.fifo"), stack.visible("lanes-dead.fifo")) == (alerts(*range(10)), 5)
    assert report["stopped"] == "time"


@pytest.mark.parametrize(
    ("queue", "operation"),
    [
        ("lanes-dead.fifo", "send_message_batch"),
        ("lanes-dead.fifo", "delete_message"),
        ("dead", "send_message"),
        ("dead", "delete_message"),
    ],
)
def test_f11_dead_letters_stay_if_a_queue_refuses_them(stack: RedriveStack, queue: str, operation: str) -> None:
    stack.intake_succeeds()
    stack.sqs.failing[operation] = refusal("AccessDenied")
    stack.put(queue, *alerts(1, 2, 3))
    assert ends(stack.redrive(**FOR_REAL)) == {"failed": 3}
    assert (stack.bodies(queue), stack.visible(queue), stack.slept) == (alerts(1, 2, 3), 3, [])


def test_f11_a_fault_of_ours_parks_nothing_however_often_it_is_tried(stack: RedriveStack) -> None:
    stack.sqs.failing["send_message_batch"] = stack.sqs.failing["send_message alerts"] = refusal("AccessDenied")
    stack.put_lane("team", 1, 2)
    stack.put("dead", alert(3))
    for _ in range(20):
        assert ends(stack.redrive(**FOR_REAL)) == {"failed": 3}
    assert stack.bodies("parking") == []
    stack.sqs.failing.clear()
    stack.intake_succeeds()
    assert ends(stack.redrive(**FOR_REAL)) == {"moved": 3}
