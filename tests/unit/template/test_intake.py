"""What intake may do: it sends alerts to their lanes, and can read no secret."""

import pytest

from tests.support.stack.grants import allowed, listed
from tests.support.stack.template import EMAIL, KEY_ARN, PSEUDO, VARIANTS, Stack, stack

ACCOUNT = PSEUDO["AWS::AccountId"]


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def test_intake_may_do_what_it_does_and_no_more(variant: Stack) -> None:
    may = {sid: (set(listed(one["Action"])), one["Resource"]) for sid, one in allowed(variant, "IntakeRole").items()}
    queue = {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"}
    routes = variant.outputs["RoutesParameter"]["Value"]
    always = {
        "WriteOwnLog": ({"logs:CreateLogStream", "logs:PutLogEvents"}, "<IntakeLogGroup.Arn>"),
        "TakeAlerts": ({f"sqs:{action}" for action in queue}, "<AlertsQueue.Arn>"),
        "SendToLanes": ({"sqs:SendMessage", "sqs:SendMessageBatch"}, "<LanesQueue.Arn>"),
        "ParkAlerts": ({"sqs:SendMessage"}, "<ParkingQueue.Arn>"),
        "KeepFacts": ({"dynamodb:GetItem", "dynamodb:PutItem"}, "<DeliveriesTable.Arn>"),
        "ReadRoutes": ({"ssm:GetParameter"}, f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter{routes}"),
    }
    assert always.items() <= may.items()
    # Only where a parameter asks for it: test_direct.py and test_template_keys.py.
    assert may.keys() - always.keys() <= {"HandOnDirectAlerts", "UseKeyOfQueues"}


@pytest.mark.parametrize("secret_store", ["ssm", "secretsmanager"])
def test_intake_can_read_no_secret(secret_store: str) -> None:
    made = stack(OpsEmail=EMAIL, SecretStore=secret_store, SecretKeyArn=KEY_ARN)
    may = allowed(made, "IntakeRole")
    assert [sid for sid, one in may.items() if "ssm:" in str(one["Action"])] == ["ReadRoutes"]
    for word in ("secretsmanager", "kms:", "destinations"):
        assert word not in str(may)
    variables = made["IntakeFunction"]["Environment"]["Variables"]
    assert not {"DESTINATIONS_PATH", "SECRET_STORE", "SLACK_API_URL"} & variables.keys()


def test_under_a_key_of_the_stack_intake_decrypts_messages_only() -> None:
    may = allowed(stack(OpsEmail=EMAIL, Encryption="customer-key", SecretKeyArn=KEY_ARN), "IntakeRole")
    decrypting = [one for one in may.values() if "kms:Decrypt" in listed(one["Action"])]
    assert [(one["Resource"], one["Condition"]) for one in decrypting] == [
        ("<EncryptionKey.Arn>", {"StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com"}})
    ]


def test_lambda_alone_takes_the_role_of_intake(variant: Stack) -> None:
    [trust] = variant["IntakeRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert variant["IntakeFunction"]["Role"] == "<IntakeRole.Arn>"
    assert variant.outputs["IntakeFunctionName"]["Value"] == "<IntakeFunction>"


def test_the_role_of_intake_follows_the_name_of_the_routes() -> None:
    made = stack(OpsEmail=EMAIL, RoutesParameter="/team/routes")
    assert (
        allowed(made, "IntakeRole")["ReadRoutes"]["Resource"]
        == f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/team/routes"
    )
    assert made["IntakeFunction"]["Environment"]["Variables"]["ROUTES_PARAMETER"] == "/team/routes"
