"""The policies of topics and queues admit exactly these senders. The local AWS checks none of them."""

from tests.support.stack.grants import statements
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import PSEUDO, Stack

ACCOUNT = PSEUDO["AWS::AccountId"]
OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
# A policy replaces the default one of the topic, so it must repeat these.
RIGHTS = ["Publish", "Subscribe", "ListSubscriptionsByTopic", "GetTopicAttributes", "SetTopicAttributes"]
RIGHTS += ["AddPermission", "RemovePermission", "DeleteTopic"]
OWNER = ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, [f"sns:{right}" for right in RIGHTS], None)
ALARMS = {
    "AlarmsOfThisAccount": ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish", OF_THIS_ACCOUNT),
    "Owner": OWNER,
}
ALERT_SERVICES = {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"]}


def admitted(parameters: dict[str, str]) -> dict[str, dict[str, Node]]:
    """Return principal, action and condition of each statement that allows something, by resource and Sid."""
    alerts = parameters.get("ExistingAlertsTopicArn") or "<AlertsTopic>"
    direct, others = parameters.get("DirectTopicArn"), parameters.get("AllowedTopicArns")

    def sns(topics: Node) -> Node:
        return {"Service": "sns.amazonaws.com"}, "sqs:SendMessage", {"ArnEquals": {"aws:SourceArn": topics}}

    ours = {"OurTopic": sns(alerts), **({"AllowedTopics": sns(others.split(","))} if others else {})}
    expected: dict[str, dict[str, Node]] = {
        "AlertsQueue": ours,
        "AlertsDeadLetterQueue": ours | ({"DirectTopic": sns(direct)} if direct else {}),
        "LanesQueue": {},
        "LanesDeadLetterQueue": {},
        "ParkingQueue": {},
    }
    if not parameters.get("ExistingAlertsTopicArn"):
        expected["AlertsTopic"] = {
            "ServicesOfThisAccount": (ALERT_SERVICES, "sns:Publish", OF_THIS_ACCOUNT),
            # EventBridge sends no context key: a condition would drop its events.
            "EventBridge": ({"Service": "events.amazonaws.com"}, "sns:Publish", None),
            "Owner": OWNER,
        }
    if not parameters.get("OpsTopicArn"):
        expected["OpsTopic"] = ALARMS
    if "AllowedActions" in parameters:
        requests = {"OurTopic": sns("<ActionsTopic>")}
        expected |= {"ActionsTopic": ALARMS, "ActionsQueue": requests, "ActionsDeadLetterQueue": requests}
    return expected


def test_each_topic_and_queue_admits_exactly_these(parameters: dict[str, str], variant: Stack) -> None:
    expected = admitted(parameters)
    assert expected.keys() == {*variant.of("AWS::SQS::Queue"), *variant.of("AWS::SNS::Topic")}
    for name, allowed in expected.items():
        policy = variant[f"{name}Policy"]
        assert policy.get("Queues", policy.get("Topics")) == [f"<{name}>"]
        found = statements(policy["PolicyDocument"])
        assert {one["Resource"] for one in found.values()} == {f"<{name}.Arn>" if "Queues" in policy else f"<{name}>"}
        denied = found.pop("OnlyOverTls")
        assert {
            sid: (one["Principal"], one["Action"], one.get("Condition"))
            for sid, one in found.items()
            if one["Effect"] == "Allow"
        } == allowed, name
        assert found.keys() == allowed.keys()
        assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
        assert denied["Action"] == ("sqs:*" if "Queues" in policy else "sns:Publish")
        # AWS services always use TLS. On AWS all other signed calls have "false" here.
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}


def test_intake_knows_each_topic_that_its_queue_admits(parameters: dict[str, str], variant: Stack) -> None:
    alerts, direct = variant.outputs["AlertsTopicArn"]["Value"], parameters.get("DirectTopicArn")
    topics = [alerts, *parameters.get("AllowedTopicArns", "").split(","), direct]
    assert variant["IntakeFunction"]["Environment"]["Variables"]["ALLOWED_TOPIC_ARNS"].split(",") == [
        one for one in topics if one
    ]
