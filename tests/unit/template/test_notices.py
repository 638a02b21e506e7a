"""What notices may do: it reads arrivals and tells operations, and can neither delete nor send a message."""

import pytest

from tests.support.stack.grants import allowed, listed
from tests.support.stack.template import ACTION_VARIANTS, ACTIONS, EMAIL, PSEUDO, VARIANTS, Stack, stack

EVERY = VARIANTS | {f"actions, {name}": given for name, given in ACTION_VARIANTS.items()}


@pytest.fixture(params=list(EVERY.values()), ids=list(EVERY))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def arrivals(made: Stack) -> list[str]:
    """Return the queues whose arrivals are reported."""
    queues = ["ParkingQueue", "AlertsDeadLetterQueue", "LanesDeadLetterQueue", "ActionsDeadLetterQueue"]
    return [name for name in queues if name in made.resources]


def test_notices_may_do_what_it_does_and_no_more(variant: Stack) -> None:
    may = {
        sid: (listed(one["Action"]), listed(one["Resource"])) for sid, one in allowed(variant, "NoticesRole").items()
    }
    for optional in ("UseKeyOfQueues", "UseKeyOfOpsTopic"):  # test_keys.py
        may.pop(optional, None)
    assert may == {
        "WriteOwnLog": (["logs:CreateLogStream", "logs:PutLogEvents"], ["<NoticesLogGroup.Arn>"]),
        "ReadArrivals": (
            ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
            [f"<{name}.Arn>" for name in arrivals(variant)],
        ),
        "KeepCursor": (["dynamodb:GetItem", "dynamodb:PutItem"], ["<DeliveriesTable.Arn>"]),
        "TellOperations": (["sns:Publish"], [variant.outputs["OpsTopicArn"]["Value"]]),
    }


def test_notices_can_neither_delete_nor_send(variant: Stack) -> None:
    actions = [action for one in allowed(variant, "NoticesRole").values() for action in listed(one["Action"])]
    assert not [one for one in actions if "Delete" in one or "Send" in one or "Purge" in one or "*" in one]


def test_notices_is_told_each_queue_that_it_may_read(variant: Stack) -> None:
    given = variant["NoticesFunction"]["Environment"]["Variables"]
    urls = {name: value for name, value in given.items() if name.endswith("_QUEUE_URL")}
    assert sorted(urls.values()) == sorted(f"<{name}>" for name in arrivals(variant))
    assert ("ACTIONS_DEAD_LETTER_QUEUE_URL" in urls) == ("ActionsQueue" in variant.resources)


def test_every_queue_of_what_was_not_delivered_is_told(variant: Stack) -> None:
    ends = {
        one["RedrivePolicy"]["deadLetterTargetArn"]
        for one in variant.of("AWS::SQS::Queue").values()
        if "RedrivePolicy" in one
    }
    assert ends | {"<ParkingQueue.Arn>"} == {f"<{name}.Arn>" for name in arrivals(variant)}


def test_lambda_alone_takes_the_role_of_notices(variant: Stack) -> None:
    [trust] = variant["NoticesRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert variant["NoticesFunction"]["Role"] == "<NoticesRole.Arn>"
    assert variant.outputs["NoticesFunctionName"]["Value"] == "<NoticesFunction>"


@pytest.mark.parametrize("given", [{}, {"RedriveRate": "off", "HeartbeatRate": "off"}, ACTIONS])
def test_the_schedule_of_notices_always_runs(given: dict[str, str]) -> None:
    schedule = stack(OpsEmail=EMAIL, **given)["NoticesSchedule"]
    assert schedule["ScheduleExpression"] == "rate(5 minutes)"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule.get("State", "ENABLED") == "ENABLED"
    assert schedule["Target"]["Arn"] == "<NoticesFunction.Arn>"


def test_the_schedule_may_call_notices_and_nothing_else() -> None:
    # MiniStack calls it without a permission; AWS does not.
    made = stack(OpsEmail=EMAIL)
    assert made["NoticesSchedule"]["Target"]["RoleArn"] == "<NoticesScheduleRole.Arn>"
    [trust] = made["NoticesScheduleRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}}
    [may] = allowed(made, "NoticesScheduleRole").values()
    assert (may["Action"], may["Resource"]) == ("lambda:InvokeFunction", "<NoticesFunction.Arn>")
