"""What slack_alerts may do: MiniStack checks a part of it, AWS all."""

import re
from fnmatch import fnmatch

import pytest

from tests.support.stack.grants import allowed, listed
from tests.support.stack.template import EMAIL, KEY_ARN, PSEUDO, VARIANTS, Stack, stack

HERE = {service: f"arn:aws:{service}:eu-west-1:{PSEUDO['AWS::AccountId']}" for service in ("ssm", "secretsmanager")}


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def test_the_function_may_do_what_it_does_and_no_more(variant: Stack) -> None:
    may = {
        sid: (set(listed(one["Action"])), one["Resource"]) for sid, one in allowed(variant, "SlackAlertsRole").items()
    }
    # Receive, Delete and GetQueueAttributes are the poller's: MiniStack polls without them, AWS refuses the mapping.
    # MiniStack wants a batch call by its own name; AWS authorises it by the single action.
    told = {name: one["Value"] for name, one in variant.outputs.items()}
    queue = {"ReceiveMessage", "GetQueueAttributes", "DeleteMessage", "DeleteMessageBatch"}
    queue |= {"ChangeMessageVisibility", "ChangeMessageVisibilityBatch"}
    always = {
        "WriteOwnLog": ({"logs:CreateLogStream", "logs:PutLogEvents"}, "<SlackAlertsLogGroup.Arn>"),
        "TakeFromLanes": ({f"sqs:{action}" for action in queue}, "<LanesQueue.Arn>"),
        "SendToLanes": ({"sqs:SendMessage", "sqs:SendMessageBatch"}, "<LanesQueue.Arn>"),
        "ParkAlerts": ({"sqs:SendMessage"}, "<ParkingQueue.Arn>"),
        "ClaimAlerts": ({"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"}, "<DeliveriesTable.Arn>"),
        "TellOperations": ({"sns:Publish"}, told["OpsTopicArn"]),
    }
    assert always.items() <= may.items()
    in_ssm = ({"ssm:GetParameter"}, f"{HERE['ssm']}:parameter{told['DestinationsPath']}/*")
    in_secrets = (
        {"secretsmanager:GetSecretValue"},
        f"{HERE['secretsmanager']}:secret:{told['DestinationsPath']}/*",
    )
    assert may["ReadDestinations"] in (in_ssm, in_secrets)
    # Only where a parameter asks for it: test_keys.py and the tests below.
    optional = {"UseKeyOfQueues", "UseKeyOfOpsTopic", "DecryptDestinations"}
    assert may.keys() - always.keys() - {"ReadDestinations"} <= optional


@pytest.mark.parametrize(
    ("secret_store", "action"), [("ssm", "ssm:GetParameter"), ("secretsmanager", "secretsmanager:GetSecretValue")]
)
def test_the_function_reads_secrets_in_the_store_it_is_told_and_there_only(secret_store: str, action: str) -> None:
    made = stack(OpsEmail=EMAIL, SecretStore=secret_store)
    may = allowed(made, "SlackAlertsRole")
    assert may["ReadDestinations"]["Action"] == action
    assert "DecryptDestinations" not in may
    reading = [sid for sid, one in may.items() if re.search("GetParameter|GetSecretValue", str(one["Action"]))]
    assert reading == ["ReadDestinations"]
    assert made["SlackAlertsFunction"]["Environment"]["Variables"]["SECRET_STORE"] == secret_store


@pytest.mark.parametrize("secret_store", ["ssm", "secretsmanager"])
def test_the_function_decrypts_with_the_key_that_is_given_through_the_store_only(secret_store: str) -> None:
    made = stack(OpsEmail=EMAIL, SecretStore=secret_store, SecretKeyArn=KEY_ARN)
    decrypt = allowed(made, "SlackAlertsRole")["DecryptDestinations"]
    assert (decrypt["Effect"], decrypt["Action"], decrypt["Resource"]) == ("Allow", "kms:Decrypt", KEY_ARN)
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": f"{secret_store}.eu-west-1.amazonaws.com"}}


def test_lambda_alone_takes_the_role_of_the_function(variant: Stack) -> None:
    [trust] = variant["SlackAlertsRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert variant["SlackAlertsFunction"]["Role"] == "<SlackAlertsRole.Arn>"


def test_the_role_follows_the_path_of_the_destinations() -> None:
    made = stack(OpsEmail=EMAIL, DestinationsPath="/team/slack")
    secrets = allowed(made, "SlackAlertsRole")["ReadDestinations"]["Resource"]
    assert fnmatch(f"{HERE['ssm']}:parameter/team/slack/default", secrets)
    assert not fnmatch(f"{HERE['ssm']}:parameter/holdfast/destinations/default", secrets)
    assert made["SlackAlertsFunction"]["Environment"]["Variables"]["DESTINATIONS_PATH"] == "/team/slack"
