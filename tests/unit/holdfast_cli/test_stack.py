import boto3
import pytest
from botocore.stub import Stubber

from holdfast_cli.failures import CommandFailed
from holdfast_cli.stack import Stack, find_stack
from tests.unit.holdfast_cli.stacks import OUTPUTS


def test_a_deployed_stack_is_read_with_its_outputs_and_parameters(session: boto3.Session) -> None:
    cloudformation = session.client("cloudformation")
    answer = {
        "Stacks": [
            {
                "StackName": "holdfast",
                "CreationTime": "2026-01-01T00:00:00Z",
                "StackStatus": "CREATE_COMPLETE",
                "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()],
                "Parameters": [{"ParameterKey": "Pace", "ParameterValue": "quick"}],
            }
        ]
    }
    with Stubber(cloudformation) as stub:
        stub.add_response("describe_stacks", answer)
        stack = find_stack(cloudformation, "holdfast")
    assert (stack.name, stack.outputs, stack.parameters) == ("holdfast", OUTPUTS, {"Pace": "quick"})
    names = (stack.slack_alerts_function_name, stack.intake_function_name, stack.notices_function_name)
    assert names == ("slack-alerts", "intake", "notices")


def test_an_unknown_stack_is_reported_and_another_error_is_raised(session: boto3.Session) -> None:
    cloudformation = session.client("cloudformation")
    with Stubber(cloudformation) as stub:
        stub.add_client_error("describe_stacks", "ValidationError", "Stack with id nowhere does not exist")
        stub.add_client_error("describe_stacks", "AccessDenied", "no")
        with pytest.raises(CommandFailed, match="no stack nowhere"):
            find_stack(cloudformation, "nowhere")
        with pytest.raises(cloudformation.exceptions.ClientError):
            find_stack(cloudformation, "denied")


def test_a_missing_output_is_named() -> None:
    with pytest.raises(CommandFailed, match="AlertsTopicArn"):
        Stack.from_outputs("other", {"Bucket": "b"})
    before_lanes = {name: value for name, value in OUTPUTS.items() if name != "LanesQueueUrl"}
    with pytest.raises(CommandFailed, match="no output LanesQueueUrl"):
        _ = Stack.from_outputs("old", before_lanes).lanes_queue_url
