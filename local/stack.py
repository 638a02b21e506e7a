"""A deployed stack, as its outputs tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from local.failures import CommandFailed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


@dataclass(frozen=True)
class Stack:
    """Outputs of template.yaml; whatever has no name here stands in `outputs`."""

    name: str
    alerts_topic_arn: str
    alerts_queue_url: str
    dead_letter_queue_url: str
    destinations_path: str
    default_destination: str
    outputs: Mapping[str, str]

    @classmethod
    def from_outputs(cls, name: str, outputs: Mapping[str, str]) -> Self:
        """Read the outputs; the error names the one that is missing."""
        try:
            return cls(
                name=name,
                alerts_topic_arn=outputs["AlertsTopicArn"],
                alerts_queue_url=outputs["AlertsQueueUrl"],
                dead_letter_queue_url=outputs["AlertsDeadLetterQueueUrl"],
                destinations_path=outputs["DestinationsPath"],
                default_destination=outputs["DefaultDestination"],
                outputs=outputs,
            )
        except KeyError as error:
            raise CommandFailed(
                f"stack {name} has no output {error.args[0]}", "give the name of a stack that template.yaml made"
            ) from error


def find_stack(cloudformation: "CloudFormationClient", name: str) -> Stack:
    """Name of a stack -> its outputs."""
    try:
        found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        raise CommandFailed(f"there is no stack {name} in this account and region", "deploy it: make deploy") from error
    return Stack.from_outputs(name, {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])})
