"""Operations receive a notice of each arrival; these tests play the runs one after another."""

import json
from collections.abc import Callable
from dataclasses import replace

import boto3
import pytest
from moto.sns.models import sns_backends

from notices import app
from notices.publishing import UNREADABLE_QUIET, NotPublished
from tests.support.handlers.notices import CONTEXT, Client, Noticing
from tests.support.samples.events import alarm_message, sns_body
from tests.support.steps.scripted_store import refusal

DENIED = refusal("AccessDenied")


def alert(name: str) -> str:
    return sns_body(alarm_message(AlarmName=name), message_id=name)


def failures(capsys: pytest.CaptureFixture[str]) -> int:
    """How often NoticesFailed was counted since the last look."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return sum("NoticesFailed" in line for line in lines)


def test_three_arrivals_at_different_hours_are_three_notices(stack: Noticing) -> None:
    told = []
    for name in ("first", "second", "third"):
        stack.put("parking", alert(name), reason="destination_refused", detail="no_service")
        told.append(stack.run())
        stack.time.now += 3_600
        assert stack.run() == ""
    assert told == [
        f"parking: 1 new, {number} in all\n- {name}: destination_refused: no_service"
        for number, name in enumerate(("first", "second", "third"), start=1)
    ]


def test_all_queues_are_told_in_one_message(stack: Noticing) -> None:
    for queue in stack.urls:
        stack.put(queue, alert(f"of {queue}"))
    assert stack.run().splitlines() == [
        line for queue in stack.urls for line in (f"{queue}: 1 new, 1 in all", f"- of {queue}")
    ]
    assert stack.sns.requests[-1]["Subject"] == "Holdfast: 4 new undelivered messages"


def test_with_nothing_new_nothing_is_published_or_written(stack: Noticing) -> None:
    stack.run()
    stack.put("dead", alert("one"))
    stack.run()
    before = stack.dynamodb.calls["put_item"]
    for _ in range(5):
        assert stack.run() == ""
    assert (stack.sns.calls["publish"], stack.dynamodb.calls["put_item"]) == (1, before)


def test_a_cold_start_changes_nothing(stack: Noticing) -> None:
    stack.put("parking", alert("one"))
    stack.run()
    stack.cold_start()
    assert stack.run() == ""


def test_a_message_that_was_redriven_and_is_parked_again_is_told_again(stack: Noticing) -> None:
    stack.put("parking", alert("one"))
    stack.run()
    stack.take("parking", 1)
    stack.put("parking", alert("one"))
    assert stack.run() == "parking: 1 new, 1 in all\n- one"


def test_a_failed_publish_raises_and_is_tried_again_at_the_next_run(stack: Noticing) -> None:
    stack.put("parking", alert("one"))
    stack.fail(stack.sns, "publish", refusal("AuthorizationError"))
    with pytest.raises(NotPublished, match=r"^AuthorizationError$"):
        stack.run()
    assert stack.dynamodb.calls["put_item"] == 0
    stack.sns.failing.clear()
    assert stack.run() == "parking: 1 new, 1 in all\n- one"


def test_a_crash_between_publish_and_the_cursor_tells_twice(stack: Noticing) -> None:
    class Died(BaseException):
        pass

    stack.put("parking", alert("one"))
    stack.dynamodb.failing["put_item", ""] = Died()  # type: ignore[assignment] # the process ends there
    with pytest.raises(Died):
        stack.run()
    stack.dynamodb.failing.clear()
    stack.cold_start()
    assert (stack.run(), stack.run()) == ("parking: 1 new, 1 in all\n- one", "")
    assert stack.sns.calls["publish"] == 2


@pytest.mark.parametrize("operations", [["get_item", "put_item"], ["get_item"], ["put_item"]], ids=" and ".join)
def test_without_the_table_a_warm_environment_tells_each_message_once(
    stack: Noticing, operations: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for operation in operations:
        stack.fail(stack.dynamodb, operation, refusal("AccessDeniedException"))
    stack.put("parking", alert("one"))
    assert stack.run().startswith("parking: 1 new, 1 in all\n- one")
    assert failures(capsys) > 0
    assert (stack.run(), stack.run()) == ("", "")
    stack.put("parking", alert("two"))
    assert stack.run() == "parking: 1 new, 2 in all\n- two"
    stack.dynamodb.failing.clear()
    assert stack.run() == ""
    stack.cold_start()
    assert stack.run() == ""


def test_a_notice_without_a_cursor_says_that_it_may_repeat(stack: Noticing) -> None:
    stack.put("parking", alert("one"))
    stack.run()
    stack.fail(stack.dynamodb, "get_item", refusal("AccessDeniedException"))
    stack.cold_start()
    assert stack.run() == (
        "parking: 1 new, 1 in all\n- one\n"
        "The deliveries table cannot be read: messages of earlier notices may be counted again."
    )


def test_an_unreadable_queue_is_said_and_the_others_are_told(
    stack: Noticing, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.fail(stack.sqs, "receive_message", DENIED, "parking")
    stack.put("parking", alert("hidden"))
    stack.put("dead", alert("one"))
    lines = stack.run().splitlines()
    assert lines == [
        "parking: cannot be read (AccessDenied). New messages in it are not reported until it can.",
        "dead: 1 new, 1 in all",
        "- one",
    ]
    assert failures(capsys) == 1
    stack.sqs.failing.clear()
    assert stack.run() == "parking: 1 new, 1 in all\n- hidden"


def test_an_unreadable_queue_alone_is_told_once_an_hour_and_counted_each_time(
    stack: Noticing, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.fail(stack.sqs, "get_queue_attributes", DENIED, "dead")
    assert [bool(stack.run()) for _ in range(3)] == [True, False, False]
    assert failures(capsys) == 3
    stack.time.now += UNREADABLE_QUIET
    assert stack.run()


def test_a_queue_unreadable_for_a_while_makes_nothing_else_be_told_again(stack: Noticing) -> None:
    stack.put("parking", alert("one"))
    stack.run()
    stack.fail(stack.sqs, "receive_message", DENIED)
    stack.run()
    stack.sqs.failing.clear()
    assert stack.run() == ""


def test_a_long_lane_is_told_by_its_depth(stack: Noticing) -> None:
    stack.put("lanes-dead.fifo", *(alert(f"a{number}") for number in range(30)), lane="team")
    first = stack.run().splitlines()
    assert (first[0], first[-1]) == ("lanes-dead.fifo: at least 30 new, 30 in all", "- and at least 20 more")
    assert stack.run() == ""
    stack.put("lanes-dead.fifo", alert("late"), lane="team")
    assert stack.run() == "lanes-dead.fifo: at least 1 new, 31 in all"
    stack.take("lanes-dead.fifo", 10)
    assert stack.run() == ""


def test_a_full_parking_queue_still_tells_of_one_more(stack: Noticing) -> None:
    stack.put("parking", *(alert(f"a{number}") for number in range(230)))
    assert stack.run().startswith("parking: at least 230 new, 230 in all\n")
    assert stack.run() == ""
    stack.put("parking", alert("late"))
    assert stack.run().startswith("parking: at least 1 new, 231 in all")


def test_every_message_is_visible_after_a_run(stack: Noticing) -> None:
    for queue in stack.urls:
        stack.put(queue, alert("one"), alert("two"))
    stack.run()
    assert [stack.visible(queue) for queue in stack.urls] == [2] * 4


def test_no_secret_reaches_operations_or_the_log(stack: Noticing, capsys: pytest.CaptureFixture[str]) -> None:
    secret = f"https://hooks.slack.com/services/T0001/B0001/{'k' * 24}"
    stack.put("parking", alert(f"see {secret}"), reason=secret, detail="xoxb-1-kkkk")
    assert "kkk" not in stack.run()
    printed = capsys.readouterr()
    assert "kkk" not in printed.out + printed.err


def test_notices_calls_only_what_its_role_allows(stack: Noticing) -> None:
    for queue in stack.urls:
        stack.put(queue, alert("one"))
    stack.run()
    stack.run()
    assert {*stack.sqs.calls, *stack.dynamodb.calls, *stack.sns.calls} == {
        "get_queue_attributes",
        "receive_message",
        "change_message_visibility_batch",
        "get_item",
        "put_item",
        "publish",
    }


@pytest.mark.parametrize("hanging", ["table", "queues", "both"])
def test_whatever_hangs_the_last_queue_is_read_and_the_notice_has_time(stack: Noticing, hanging: str) -> None:
    stack.put("actions-dead", alert("one"))
    if hanging != "queues":
        stack.dynamodb.instead["get_item"] = hang(stack)
    if hanging != "table":
        *others, last = stack.steps.queues
        sqs = Client(None, instead={"get_queue_attributes": hang(stack)})
        stack.steps = replace(stack.steps, queues=(*(replace(one, sqs=sqs) for one in others), last))
    published: list[float] = []
    publish = stack.sns.client.publish

    def timed(**request: object) -> object:
        published.append(stack.time.now)
        return publish(**request)

    stack.sns.instead["publish"] = timed
    began = stack.time.now + 300
    assert "actions-dead: 1 new, 1 in all" in stack.run(55)
    assert published[0] - began < 45


def hang(stack: Noticing) -> Callable[..., object]:
    """A call that takes as long as a client of ours waits, and fails."""

    def call(**_: object) -> object:
        stack.time.now += 4
        raise refusal("ServiceUnavailable", 503)

    return call


def test_the_handler_is_wired(stack: Noticing) -> None:
    stack.put("parking", alert("one"))
    assert app.handler({}, CONTEXT) == {"published": True, "new": {"parking": 1}}
    assert app.handler({}, CONTEXT) == {"published": False, "new": {}}
    [topic] = sns_backends["123456789012"]["eu-west-1"].topics.values()
    assert [(text, subject) for _, text, subject, *_ in topic.sent_notifications] == [
        ("parking: 1 new, 1 in all\n- one", "Holdfast: 1 new undelivered message")
    ]


def test_without_its_table_the_wired_handler_still_publishes(stack: Noticing) -> None:
    boto3.client("dynamodb", region_name="eu-west-1").delete_table(TableName="deliveries")
    stack.put("parking", alert("one"))
    assert app.handler({}, CONTEXT)["published"]
