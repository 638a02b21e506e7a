"""Each role has exactly these permissions. The local AWS checks some of them, AWS all."""

import re

import pytest

from tests.support.stack.grants import documents, listed, statements
from tests.support.stack.intrinsics import Node
from tests.support.stack.security_tables import PAGE, page_with_tables
from tests.support.stack.template import PSEUDO, Stack, resolve

ACCOUNT = PSEUDO["AWS::AccountId"]
SSM = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter"
SECRETS = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:"
UNDELIVERED = ["AlertsDeadLetterQueue", "LanesDeadLetterQueue", "ParkingQueue"]
POLL = "sqs:ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility ChangeMessageVisibilityBatch"
USE_KEY = "kms:Decrypt GenerateDataKey"


def may(actions: str, *resources: str, via: str = "", effect: str = "Allow") -> Node:
    service, _, names = actions.partition(":")
    condition = {"StringEquals": {"kms:ViaService": f"{via}.eu-west-1.amazonaws.com"}} if via else None
    arns = [one if one.startswith(("arn:", "<", "*")) else f"<{one}.Arn>" for one in resources]
    return effect, {f"{service}:{name}" for name in names.split()}, arns, condition


PARK = may("sqs:SendMessage", "ParkingQueue")
SEND_TO_LANES = may("sqs:SendMessage SendMessageBatch", "LanesQueue")
QUEUE_DIRECT = may("sqs:SendMessage", "AlertsQueue", "AlertsDeadLetterQueue")
GET_AND_PUT = may("dynamodb:GetItem PutItem", "DeliveriesTable")


def expected(parameters: dict[str, str]) -> dict[str, dict[str, Node]]:
    """Return the permissions of each role with these parameters, by role and Sid."""
    roles = functions(parameters) | (actions(parameters) if "AllowedActions" in parameters else {})
    for role, permissions in roles.items():
        permissions["WriteOwnLog"] = may("logs:CreateLogStream PutLogEvents", role.replace("Role", "LogGroup"))
    return roles | schedules(parameters) | call_role(parameters)


def functions(parameters: dict[str, str]) -> dict[str, dict[str, Node]]:
    return {
        "IntakeRole": {
            "TakeAlerts": may(POLL, "AlertsQueue"),
            "SendToLanes": SEND_TO_LANES,
            "ParkAlerts": PARK,
            "KeepFacts": GET_AND_PUT,
            "ReadRoutes": may("ssm:GetParameter", SSM + parameters.get("RoutesParameter", "/holdfast/routes")),
            **queue_key(parameters),
            **({"QueueDirectAlerts": QUEUE_DIRECT} if {"DirectTopicArn", "DirectAlarmArn"} & parameters.keys() else {}),
        },
        "SlackAlertsRole": {
            "TakeFromLanes": may(f"{POLL} DeleteMessageBatch", "LanesQueue"),
            "SendToLanes": SEND_TO_LANES,
            "ParkAlerts": PARK,
            "ClaimAlerts": may("dynamodb:GetItem PutItem DeleteItem", "DeliveriesTable"),
            **(operations(parameters) | queue_key(parameters) | secrets(parameters)),
        },
        "RedriveRole": {
            "TakeUndelivered": may("sqs:ReceiveMessage DeleteMessage ChangeMessageVisibility", *UNDELIVERED),
            "SendBack": may("sqs:SendMessage", "AlertsQueue"),
            "SendToLanes": SEND_TO_LANES,
            "ParkExpired": PARK,
            "KeepLeaseAndFacts": GET_AND_PUT,
            **queue_key(parameters),
        },
        "NoticesRole": {
            "ReadArrivals": may(
                "sqs:ReceiveMessage ChangeMessageVisibility GetQueueAttributes",
                *("ParkingQueue", "AlertsDeadLetterQueue", "LanesDeadLetterQueue"),
                *(["ActionsDeadLetterQueue"] if "AllowedActions" in parameters else []),
            ),
            "KeepCursor": GET_AND_PUT,
            **(operations(parameters) | queue_key(parameters, "kms:Decrypt")),
        },
    }


def actions(parameters: dict[str, str]) -> dict[str, dict[str, Node]]:
    rules = SSM + parameters.get("ActionRulesParameter", "/holdfast/action-rules")
    return {
        "ActionsRole": {
            "TakeRequests": may(POLL, "ActionsQueue"),
            "ParkRequests": PARK,
            "ClaimRequests": GET_AND_PUT,
            "PublishOutcomes": may("sns:Publish", alerts_topic(parameters)),
            "ReadRules": may("ssm:GetParameter", rules),
            "TakeCallRole": may("sts:AssumeRole", "ActionsCallRole"),
            **(queue_key(parameters) | topic_key(parameters)),
        }
    }


def alerts_topic(parameters: dict[str, str]) -> str:
    return parameters.get("ExistingAlertsTopicArn") or "<AlertsTopic>"


def queue_key(parameters: dict[str, str], use: str = USE_KEY) -> dict[str, Node]:
    return {"UseKeyOfQueues": may(use, "EncryptionKey", via="sqs")} if "Encryption" in parameters else {}


def topic_key(parameters: dict[str, str]) -> dict[str, Node]:
    return {"UseKeyOfTopic": may(USE_KEY, "EncryptionKey", via="sns")} if "Encryption" in parameters else {}


def operations(parameters: dict[str, str]) -> dict[str, Node]:
    if not (topic := parameters.get("OpsTopicArn")):
        return {"NotifyOperations": may("sns:Publish", "<OpsTopic>")}
    key = may(USE_KEY, f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*", via="sns")
    return {"NotifyOperations": may("sns:Publish", topic), "UseKeyOfOpsTopic": key}


def secrets(parameters: dict[str, str]) -> dict[str, Node]:
    store, path = parameters.get("SecretStore", "ssm"), parameters.get("DestinationsPath", "/holdfast/destinations")
    is_ssm = store == "ssm"
    read = (
        may("ssm:GetParameter", f"{SSM}{path}/*")
        if is_ssm
        else may("secretsmanager:GetSecretValue", f"{SECRETS}{path}/*")
    )
    key = parameters.get("SecretKeyArn")
    return {"ReadDestinations": read, **({"DecryptDestinations": may("kms:Decrypt", key, via=store)} if key else {})}


def schedules(parameters: dict[str, str]) -> dict[str, dict[str, Node]]:
    roles = {"NoticesScheduleRole": {"Notify": may("lambda:InvokeFunction", "NoticesFunction")}}
    if parameters.get("RedriveRate") != "off":
        roles["RedriveScheduleRole"] = {"Redrive": may("lambda:InvokeFunction", "RedriveFunction")}
    if parameters.get("HeartbeatRate") != "off":
        roles["HeartbeatRole"] = {
            "PublishHeartbeats": may("sns:Publish", alerts_topic(parameters)),
            **topic_key(parameters),
        }
        roles["TestAlarmRole"] = {"SetOffTestAlarm": may("cloudwatch:SetAlarmState", "TestAlarm")}
    return roles


def call_role(parameters: dict[str, str]) -> dict[str, dict[str, Node]]:
    """Return the permissions of ActionsCallRole without KeepOffThisStack, which test_call_role.py holds."""
    if "AllowedActions" not in parameters:
        return {}
    never = {
        "NeverPassOrTakeRoles": ("Deny", {"iam:PassRole", "sts:Assume*"}, ["*"], None),
        "NeverReadByPath": may("ssm:GetParametersByPath", "*", effect="Deny"),
    }
    allowed_calls = (
        "Allow",
        set(parameters["AllowedActions"].split(",")),
        parameters["ActionResourceArns"].split(","),
        None,
    )
    return {"ActionsCallRole": {"MakeAllowedCalls": allowed_calls, **never}}


def test_each_role_may_do_exactly_this(parameters: dict[str, str], variant: Stack) -> None:
    roles = {role: statements(*documents(variant, role)) for role in variant.of("AWS::IAM::Role")}
    roles.get("ActionsCallRole", {}).pop("KeepOffThisStack", None)
    assert {
        role: {
            sid: (one["Effect"], set(listed(one["Action"])), listed(one["Resource"]), one.get("Condition"))
            for sid, one in permissions.items()
        }
        for role, permissions in roles.items()
    } == expected(parameters)


def test_no_role_has_an_aws_managed_policy(variant: Stack) -> None:
    assert not [name for name, role in variant.of("AWS::IAM::Role").items() if "ManagedPolicyArns" in role]
    assert not variant.of("AWS::IAM::Policy")
    assert all(len(one["Roles"]) == 1 for one in variant.of("AWS::IAM::ManagedPolicy").values())


def test_each_permission_names_its_actions_and_its_resources(parameters: dict[str, str], variant: Stack) -> None:
    for role in expected(parameters).keys() - {"ActionsCallRole"}:  # its list is the user's
        for document in documents(variant, role):
            for one in document["Statement"]:
                assert one["Sid"]
                assert not {"NotAction", "NotResource"} & one.keys()
                assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action) for action in listed(one["Action"])), one
                for resource in listed(one["Resource"]):
                    # A star is only the last part of a name, below a path of the stack.
                    assert re.fullmatch(r"<\w+(\.\w+)?>|arn:aws:[a-z]+:[a-z0-9-]+:[0-9]{12}:[^*]+(/\*)?", resource), one


def test_only_its_service_or_function_takes_a_role(variant: Stack) -> None:
    for name, role in variant.of("AWS::IAM::Role").items():
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        assert (trust["Effect"], trust["Action"]) == ("Allow", "sts:AssumeRole")
        of_schedule = re.fullmatch("(Redrive|Notices)ScheduleRole|HeartbeatRole|TestAlarmRole", name)
        service = "scheduler" if of_schedule else "lambda"
        taker = {"AWS": "<ActionsRole.Arn>"} if name == "ActionsCallRole" else {"Service": f"{service}.amazonaws.com"}
        assert trust["Principal"] == taker, name
        # Lambda gives no context key to check.
        assert trust.get("Condition") == ({"StringEquals": {"aws:SourceAccount": ACCOUNT}} if of_schedule else None)


def test_each_function_has_its_own_role(variant: Stack) -> None:
    for name, function in variant.of("AWS::Lambda::Function").items():
        assert function["Role"] == f"<{name.replace('Function', 'Role')}.Arn>"


@pytest.mark.parametrize("role", ["SlackAlertsRole", "NoticesRole"])
def test_a_given_ops_topic_may_be_under_a_key_of_its_account(role: str) -> None:
    stack = resolve(OpsTopicArn="arn:aws:sns:us-east-1:444455556666:their-ops")
    permission = statements(*documents(stack, role))["UseKeyOfOpsTopic"]
    assert permission["Resource"] == "arn:aws:kms:us-east-1:444455556666:key/*"
    assert permission["Condition"] == {"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}}


def test_the_security_page_has_the_tables_of_the_template_and_the_layer() -> None:
    page = PAGE.read_text()
    assert page == page_with_tables(page), "python -m tests.support.stack.security_tables"
