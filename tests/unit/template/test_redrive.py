"""The function that sends back what was not delivered: what it may do, what it is told, and when it is called."""

import json
import re

import pytest

from redrive.models import Request, Source
from tests.support.stack.grants import allowed, listed
from tests.support.stack.template import EMAIL, PSEUDO, VARIANTS, Stack, paces, source, stack

ACCOUNT = PSEUDO["AWS::AccountId"]
UNDELIVERED = ["<AlertsDeadLetterQueue.Arn>", "<LanesDeadLetterQueue.Arn>", "<ParkingQueue.Arn>"]


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def test_redrive_may_do_what_it_does_and_no_more(variant: Stack) -> None:
    may = {
        sid: (listed(one["Action"]), listed(one["Resource"])) for sid, one in allowed(variant, "RedriveRole").items()
    }
    assert may.pop("UseKeyOfQueues", None) in (None, (["kms:Decrypt", "kms:GenerateDataKey"], ["<EncryptionKey.Arn>"]))
    assert may == {
        "WriteOwnLog": (["logs:CreateLogStream", "logs:PutLogEvents"], ["<RedriveLogGroup.Arn>"]),
        "TakeUndelivered": (
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
            UNDELIVERED,
        ),
        "SendBack": (["sqs:SendMessage"], ["<AlertsQueue.Arn>"]),
        "SendToLanes": (["sqs:SendMessage", "sqs:SendMessageBatch"], ["<LanesQueue.Arn>"]),
        "ParkWhatKeepsFailing": (["sqs:SendMessage"], ["<ParkingQueue.Arn>"]),
        "ReadClaims": (["dynamodb:GetItem", "dynamodb:PutItem"], ["<DeliveriesTable.Arn>"]),
    }


def test_redrive_reads_neither_routes_nor_secrets(variant: Stack) -> None:
    may = allowed(variant, "RedriveRole")
    assert all(one["Effect"] == "Allow" for one in may.values())
    assert not [word for word in ("ssm", "secretsmanager", "sns:") if word in str(may)]


def test_lambda_alone_takes_its_role(variant: Stack) -> None:
    [trust] = variant["RedriveRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert variant["RedriveFunction"]["Role"] == "<RedriveRole.Arn>"


@pytest.mark.parametrize("pace", paces())
def test_the_lease_of_a_redrive_and_what_it_hides_outlive_it(pace: str) -> None:
    made = stack(OpsEmail=EMAIL, Pace=pace)
    assert made["RedriveFunction"]["Timeout"] == made.timing["FunctionTimeout"] < made.timing["Lease"]


def test_redrive_moves_between_the_queues_that_the_outputs_name(variant: Stack) -> None:
    given = variant["RedriveFunction"]["Environment"]["Variables"]
    outputs = {name: one["Value"] for name, one in variant.outputs.items()}
    urls = {
        "ALERTS_QUEUE_URL": "AlertsQueueUrl",
        "LANES_QUEUE_URL": "LanesQueueUrl",
        "DEAD_LETTER_QUEUE_URL": "AlertsDeadLetterQueueUrl",
        "LANES_DEAD_LETTER_QUEUE_URL": "LanesDeadLetterQueueUrl",
        "PARKING_QUEUE_URL": "ParkingQueueUrl",
    }
    assert {name: given[name] for name in urls} == {name: outputs[output] for name, output in urls.items()}
    assert outputs["RedriveFunctionName"] == "<RedriveFunction>"


def test_redrive_stands_on_the_same_layer_and_writes_to_a_log_group_of_its_own(variant: Stack) -> None:
    redrive, posts = variant["RedriveFunction"], variant["SlackAlertsFunction"]
    for name in ("Layers", "Runtime", "Architectures", "CodeUri", "Code"):
        assert redrive.get(name) == posts.get(name)
    assert redrive["LoggingConfig"] == {"LogGroup": "<RedriveLogGroup>", "LogFormat": "JSON"}
    assert variant["RedriveLogGroup"] == variant["SlackAlertsLogGroup"]


@pytest.mark.parametrize(
    ("given", "rate"), [({}, "rate(15 minutes)"), ({"RedriveRate": "rate(1 minute)"}, "rate(1 minute)")]
)
def test_the_schedule_redrives_dead_letters_for_real_and_never_what_is_parked(given: dict[str, str], rate: str) -> None:
    schedule = stack(OpsEmail=EMAIL, **given)["RedriveSchedule"]
    assert Request.from_event(json.loads(schedule["Target"]["Input"])) == Request(
        source=Source.DEAD_LETTERS, is_dry_run=False
    )
    assert schedule["ScheduleExpression"] == rate
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["Target"]["Arn"] == "<RedriveFunction.Arn>"


def test_the_schedule_may_call_redrive_and_nothing_else() -> None:
    # MiniStack calls it without a permission; AWS does not.
    made = stack(OpsEmail=EMAIL)
    assert made["RedriveSchedule"]["Target"]["RoleArn"] == "<RedriveScheduleRole.Arn>"
    role = made["RedriveScheduleRole"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    [may] = allowed(made, "RedriveScheduleRole").values()
    assert (may["Effect"], may["Action"], may["Resource"]) == (
        "Allow",
        "lambda:InvokeFunction",
        "<RedriveFunction.Arn>",
    )


def test_without_a_rate_there_is_no_schedule_and_redrive_is_left_to_people() -> None:
    made = stack(OpsEmail=EMAIL, RedriveRate="off")
    assert not {"RedriveSchedule", "RedriveScheduleRole"} & made.resources.keys()
    assert "RedriveFunction" in made.resources


def test_nothing_calls_redrive_because_a_queue_fills(variant: Stack) -> None:
    mappings = variant.of("AWS::Lambda::EventSourceMapping").values()
    assert "<RedriveFunction>" not in [one["FunctionName"] for one in mappings]


def test_e11_no_alarm_about_what_was_not_delivered_takes_the_road_that_redrive_feeds(variant: Stack) -> None:
    roads = {one["TopicArn"] for one in variant.of("AWS::SNS::Subscription").values() if one["Protocol"] == "sqs"}
    about = [one for one in variant.of("AWS::CloudWatch::Alarm").values() if one["Namespace"] == "AWS/SQS"]
    assert about
    assert all(not roads & {*one["AlarmActions"], *one["OKActions"]} for one in about)


@pytest.mark.parametrize("rate", ["off", "rate(1 minute)", "rate(15 minutes)", "rate(60 minutes)", "rate(1 hour)"])
def test_these_are_rates(rate: str) -> None:
    assert re.fullmatch(source()["Parameters"]["RedriveRate"]["AllowedPattern"], rate)


@pytest.mark.parametrize(
    "rate",
    [
        *("", "on", "rate(0 minutes)", "rate(1 minutes)", "rate(15 minute)", "cron(0 * * * ? *)"),
        *("rate(61 minutes)", "rate(100 minutes)", "rate(2 hours)", "rate(1 day)"),
    ],
)
def test_these_are_none(rate: str) -> None:
    assert not re.fullmatch(source()["Parameters"]["RedriveRate"]["AllowedPattern"], rate)
