"""A deployed stack by its outputs and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.stack_states import GOOD, REVIEW, advice_for

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


@dataclass(frozen=True)
class Stack:
    """The outputs of template.yaml; those without a field are in `outputs` only."""

    name: str
    alerts_topic_arn: str
    alerts_queue_url: str
    dead_letter_queue_url: str
    parking_queue_url: str
    ops_topic_arn: str
    slack_alerts_function_name: str
    routes_parameter: str
    secret_store: str
    destinations_path: str
    default_destination: str
    outputs: Mapping[str, str]
    status: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def lanes_queue_url(self) -> str:
        return self.output("LanesQueueUrl")

    @property
    def lanes_dead_letter_queue_url(self) -> str:
        return self.output("LanesDeadLetterQueueUrl")

    @property
    def intake_function_name(self) -> str:
        return self.output("IntakeFunctionName")

    @property
    def notices_function_name(self) -> str:
        return self.output("NoticesFunctionName")

    @property
    def deliveries_table(self) -> str:
        return self.output("DeliveriesTableName")

    def output(self, name: str) -> str:
        """Return an output. Raise CommandFailed if the stack is of a version without it."""
        try:
            return self.outputs[name]
        except KeyError as error:
            raise CommandFailed(
                f"stack {self.name} has no output {name}", "update the stack: holdfast deploy"
            ) from error

    @classmethod
    def from_outputs(
        cls, name: str, outputs: Mapping[str, str], parameters: Mapping[str, str] | None = None, status: str = ""
    ) -> Self:
        """Read the outputs; raise CommandFailed with the name of a missing one."""
        try:
            return cls(
                name=name,
                alerts_topic_arn=outputs["AlertsTopicArn"],
                alerts_queue_url=outputs["AlertsQueueUrl"],
                dead_letter_queue_url=outputs["AlertsDeadLetterQueueUrl"],
                parking_queue_url=outputs["ParkingQueueUrl"],
                ops_topic_arn=outputs["OpsTopicArn"],
                slack_alerts_function_name=outputs["SlackAlertsFunctionName"],
                routes_parameter=outputs["RoutesParameter"],
                secret_store=outputs["SecretStore"],
                destinations_path=outputs["DestinationsPath"],
                default_destination=outputs["DefaultDestination"],
                outputs=outputs,
                status=status,
                parameters=parameters or {},
            )
        except KeyError as error:
            raise CommandFailed(
                f"stack {name} has no output {error.args[0]}", "give the name of a stack of template.yaml"
            ) from error


def is_missing(error: ClientError) -> bool:
    """Return whether CloudFormation has no such stack: it answers ValidationError, as for a faulty name."""
    return "does not exist" in str(error)


def describe_stack(cloudformation: "CloudFormationClient", name: str) -> "StackTypeDef | None":
    """Return the stack of that name as CloudFormation describes it, or None if there is none, or an empty one."""
    try:
        found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if not is_missing(error):
            raise
        return None
    return None if found["StackStatus"] == REVIEW else found


def find_stack(cloudformation: "CloudFormationClient", name: str) -> Stack:
    """Return the stack of that name. Raise CommandFailed if there is none, or if its state leaves no outputs."""
    found = describe_stack(cloudformation, name)
    if found is None:
        problem = f"there is no stack {name} in this account and region"
        raise CommandFailed(problem, "deploy it: holdfast deploy", Exit.NO_STACK)
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}
    parameters = parameters_of(found)
    status = found["StackStatus"]
    if not outputs and status not in GOOD:
        raise CommandFailed(f"stack {name} is {status}", advice_for(name, status))
    return Stack.from_outputs(name, outputs, parameters, status)


def parameters_of(found: "StackTypeDef") -> dict[str, str]:
    return {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", [])}
