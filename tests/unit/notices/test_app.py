"""Operations receive a notice of each arrival; these tests play the runs one after another."""

import json
from collections.abc import Callable
from dataclasses import replace

import boto3
import pytest
from moto.sns.models import sns_backends

from aws_events.sqs_attributes import SIZE_LIMIT
from notices import app
from notices.publishing import UNREADABLE_QUIET, NotPublished
from tests.support.handlers.failing_client import FailingClient, lost_answers
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.notices import NoticesStack
from tests.support.samples.events import alarm_message, sns_body
from tests.support.steps.scripted_store import refusal
from tests.support.steps.tables import NAME

DENIED = refusal("AccessDenied")
CONTEXT = FixedContext(60.0)


def alert(name: str) -> str:
    return sns_body(alarm_message(AlarmName=name), message_id=name)


def failures(capsys: pytest.CaptureFixture[str]) -> int:
    """Return the number of NoticesFailed metrics since the last call."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return sum("NoticesFailed" in line for line in lines)


def test_three_arrivals_at_different_hours_are_three_notices(stack: NoticesStack) -> None:
    for number, name in enumerate(("first", "second", "third"), start=1):
        stack.queues.put("parking", alert(name), reason="destination_refused", detail="no_service")
        assert stack.run() == f"parking: 1 new, {number} in all\n- {name}: destination_refused: no_service"
        stack.time.now += 3_600
        assert stack.run() == ""


def test_a_notice_whose_answer_is_lost_is_published_again(stack: NoticesStack) -> None:
    stack.queues.put("parking", alert("one"))
    stack.sns.instead["publish"] = lost_answers(2)
    assert stack.run().startswith("parking: 1 new")
    assert stack.sns.calls["publish"] == 3


def test_all_queues_are_in_one_notice_which_leaves_each_message_visible(stack: NoticesStack) -> None:
    for queue in stack.queues.urls:
        stack.queues.put(queue, alert(f"of {queue}"))
    assert stack.run().splitlines() == [
        line for queue in stack.queues.urls for line in (f"{queue}: 1 new, 1 in all", f"- of {queue}")
    ]
    assert stack.sns.requests[-1]["Subject"] == "Holdfast: 4 new undelivered messages"
    assert [stack.queues.visible(queue) for queue in stack.queues.urls] == [1] * 4
    assert {*stack.sqs.calls, *stack.dynamodb.calls, *stack.sns.calls} == {  # no more than its role allows
        "get_queue_attributes",
        "receive_message",
        "change_message_visibility_batch",
        "get_item",
        "put_item",
        "publish",
    }


def test_the_reason_of_a_message_of_nearly_one_mib_is_read_from_its_row(stack: NoticesStack) -> None:
    body = alert("large").ljust(SIZE_LIMIT - 100)
    [first] = stack.queues.put("parking", body)
    stack.overflow.keep(first, json.dumps({"reason": "message_refused", "detail": "invalid_blocks"}))
    assert stack.run() == "parking: 1 new, 1 in all\n- large: message_refused: invalid_blocks"
    stack.dynamodb.failing["get_item"] = DENIED
    stack.queues.put("parking", body, body)
    stack.dynamodb.calls.clear()
    assert stack.run() == "parking: 2 new, 3 in all\n- large\n- large"
    assert stack.dynamodb.calls["get_item"] == 4 + 1  # a cursor for each queue; after one failure no row is read


def test_with_nothing_new_nothing_is_published_or_written_even_after_a_cold_start(stack: NoticesStack) -> None:
    stack.run()
    stack.queues.put("dead", alert("one"))
    stack.run()
    before = stack.dynamodb.calls["put_item"]
    assert [stack.run() for _ in range(3)] == [""] * 3
    stack.cold_start()
    assert stack.run() == ""
    assert (stack.sns.calls["publish"], stack.dynamodb.calls["put_item"]) == (1, before)


def test_a_failed_publish_raises_and_is_tried_again_at_the_next_run(stack: NoticesStack) -> None:
    stack.queues.put("parking", alert("one"))
    stack.sns.failing["publish"] = refusal("AuthorizationError")
    with pytest.raises(NotPublished, match=r"^AuthorizationError$"):
        stack.run()
    assert stack.dynamodb.calls["put_item"] == 0
    stack.sns.failing.clear()
    assert stack.run() == "parking: 1 new, 1 in all\n- one"


def test_a_crash_between_publish_and_the_cursor_repeats_the_notice(stack: NoticesStack) -> None:
    stack.queues.put("parking", alert("one"))
    stack.dynamodb.failing["put_item"] = KeyboardInterrupt()  # the process ends there
    with pytest.raises(KeyboardInterrupt):
        stack.run()
    stack.dynamodb.failing.clear()
    stack.cold_start()
    assert (stack.run(), stack.run()) == ("parking: 1 new, 1 in all\n- one", "")
    assert stack.sns.calls["publish"] == 2


@pytest.mark.parametrize("operations", [["get_item", "put_item"], ["get_item"], ["put_item"]], ids=" and ".join)
def test_without_the_table_a_warm_environment_reports_each_message_once(
    stack: NoticesStack, operations: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    stack.dynamodb.failing = dict.fromkeys(operations, refusal("AccessDeniedException"))
    stack.queues.put("parking", alert("one"))
    assert stack.run().startswith("parking: 1 new, 1 in all\n- one")
    assert failures(capsys) > 0
    assert (stack.run(), stack.run()) == ("", "")
    stack.queues.put("parking", alert("two"))
    assert stack.run() == "parking: 1 new, 2 in all\n- two"
    stack.dynamodb.failing.clear()
    assert stack.run() == ""
    stack.cold_start()
    assert stack.run() == ""


def test_a_notice_without_a_cursor_says_that_it_may_repeat(stack: NoticesStack) -> None:
    stack.queues.put("parking", alert("one"))
    stack.run()
    stack.dynamodb.failing["get_item"] = refusal("AccessDeniedException")
    stack.cold_start()
    assert stack.run() == (
        "parking: 1 new, 1 in all\n- one\n"
        "The deliveries table cannot be read: messages of earlier notices may be counted again."
    )


def test_an_unreadable_queue_is_in_the_notice_of_the_others_and_repeats_nothing(
    stack: NoticesStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.queues.put("parking", alert("old"))
    stack.run()
    stack.sqs.failing["receive_message parking"] = DENIED
    stack.queues.put("parking", alert("hidden"))
    stack.queues.put("dead", alert("one"))
    assert stack.run().splitlines() == [
        "parking: cannot be read (AccessDenied). New messages in it are not reported until it can.",
        "dead: 1 new, 1 in all",
        "- one",
    ]
    assert failures(capsys) == 1
    stack.sqs.failing.clear()
    assert stack.run() == "parking: 1 new, 2 in all\n- hidden"


def test_an_unreadable_queue_alone_causes_a_notice_once_an_hour_and_a_metric_each_time(
    stack: NoticesStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.sqs.failing["get_queue_attributes dead"] = DENIED
    assert [bool(stack.run()) for _ in range(3)] == [True, False, False]
    assert failures(capsys) == 3
    stack.time.now += UNREADABLE_QUIET
    assert stack.run()


def test_a_long_lane_is_reported_by_its_depth(stack: NoticesStack) -> None:
    stack.queues.put("lanes-dead.fifo", *(alert(f"a{number}") for number in range(30)), lane="team")
    first = stack.run().splitlines()
    assert (first[0], first[-1]) == ("lanes-dead.fifo: at least 30 new, 30 in all", "- and at least 20 more")
    assert stack.run() == ""
    stack.queues.put("lanes-dead.fifo", alert("late"), lane="team")
    assert stack.run() == "lanes-dead.fifo: at least 1 new, 31 in all"
    stack.queues.delete("lanes-dead.fifo", 10)
    assert stack.run() == ""


@pytest.mark.parametrize("hanging", ["table", "queues", "both"])
def test_if_services_hang_the_last_queue_is_read_and_the_notice_has_time(stack: NoticesStack, hanging: str) -> None:
    stack.queues.put("actions-dead", alert("one"))
    if hanging != "queues":
        stack.dynamodb.instead["get_item"] = hang(stack)
    if hanging != "table":
        *others, last = stack.steps.queues
        sqs = FailingClient(None, instead={"get_queue_attributes": hang(stack)})
        stack.steps = replace(stack.steps, queues=(*(replace(one, sqs=sqs) for one in others), last))
    published: list[float] = []
    stack.sns.before = lambda _: published.append(stack.time.now)
    began = stack.time.now + 300
    assert "actions-dead: 1 new, 1 in all" in stack.run(55)
    assert published[0] - began < 45


def hang(stack: NoticesStack) -> Callable[..., object]:
    """Return a call that takes as long as a client's timeout, and fails."""

    def call(**_: object) -> object:
        stack.time.now += 4
        raise refusal("ServiceUnavailable", 503)

    return call


def test_the_handler_publishes_also_without_its_table(stack: NoticesStack) -> None:
    stack.queues.put("parking", alert("one"))
    assert app.handler({}, CONTEXT) == {"published": True, "new": {"parking": 1}}
    assert app.handler({}, CONTEXT) == {"published": False, "new": {}}
    [topic] = sns_backends["123456789012"]["eu-west-1"].topics.values()
    assert [(text, subject) for _, text, subject, *_ in topic.sent_notifications] == [
        ("parking: 1 new, 1 in all\n- one", "Holdfast: 1 new undelivered message")
    ]
    boto3.client("dynamodb").delete_table(TableName=NAME)
    stack.queues.put("parking", alert("two"))
    assert app.handler({}, CONTEXT)["published"]
