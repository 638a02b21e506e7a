"""CloudFormation in process: stacks by region, and change sets with scripted ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

from holdfast_cli.account import Account
from tests.unit.holdfast_cli.stacks import OUTPUTS, REGION

ACCOUNT = "123456789012"
ALARM = "AWS::CloudWatch::Alarm"
ID = "id-of-"
"""The beginning of a stack's id."""
WITHOUT_OUTPUTS = {
    "REVIEW_IN_PROGRESS",
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
}


def stack(name: str = "holdfast", status: str = "CREATE_COMPLETE", **parameters: str) -> dict[str, Any]:
    """Return a stack as CloudFormation describes it."""
    return {
        "StackName": name,
        "StackStatus": status,
        "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()],
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    }


@dataclass
class CloudFormation:
    """The stacks of one region; `ends` are the events of an executed change set, oldest first."""

    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    denies: bool = False
    refusal: str = ""
    """The reason for which a change set fails."""
    ends: list[tuple[str, str, str]] = field(default_factory=list)
    """(resource, status, reason); those of the stack itself change its status."""
    created: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """The change sets of somebody else."""
    alarms: list[str] = field(default_factory=list)
    """The physical names of alarms; each has the logical one before its suffix."""
    events: list[dict[str, Any]] = field(default_factory=list)

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:
        if self.denies:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks")
        name = StackName.removeprefix(ID)
        if name not in self.stacks:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        found = self.stacks[name]
        return {"Stacks": [found | {"Outputs": []} if found["StackStatus"] in WITHOUT_OUTPUTS else found]}

    def list_stack_resources(self, *, StackName: str) -> dict[str, Any]:
        assert StackName in self.stacks
        alarms = [
            {"ResourceType": ALARM, "LogicalResourceId": one.split("-")[-2], "PhysicalResourceId": one}
            for one in self.alarms
        ]
        others = [
            {"ResourceType": ALARM, "LogicalResourceId": "NotMadeYet"},
            {"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "Queue", "PhysicalResourceId": "queue"},
        ]
        return {"StackResourceSummaries": [*others, *alarms]}

    def create_change_set(self, **request: Any) -> dict[str, str]:  # noqa: ANN401 - boto3's request
        self.created.append(request)
        self.stacks.setdefault(request["StackName"], stack(request["StackName"], "REVIEW_IN_PROGRESS"))
        return {"Id": "change-set", "StackId": ID + request["StackName"]}

    def describe_change_set(self, *, ChangeSetName: str) -> dict[str, Any]:
        assert ChangeSetName == "change-set"
        changes = [
            {"Action": "Modify", "LogicalResourceId": "Role", "ResourceType": "AWS::IAM::Role"},
            {"Action": "Add", "LogicalResourceId": "Queue", "ResourceType": "AWS::SQS::Queue", "Replacement": "True"},
        ]
        status = "FAILED" if self.refusal else "CREATE_COMPLETE"
        return {
            "Status": status,
            "StatusReason": self.refusal,
            "Changes": [{"Type": "Resource", "ResourceChange": one} for one in changes],
        }

    def execute_change_set(self, *, ChangeSetName: str) -> None:
        self.calls.append(f"execute {ChangeSetName}")
        name = self.created[-1]["StackName"]
        for number, (resource, status, reason) in enumerate(self.ends):
            event = {"LogicalResourceId": resource, "ResourceStatus": status, "ResourceStatusReason": reason}
            self.events.insert(0, event | {"EventId": f"new-{number}"})
            if resource == name:
                self.stacks[name]["StackStatus"] = status

    def list_change_sets(self, *, StackName: str) -> dict[str, Any]:
        assert StackName.startswith(ID)
        return {"Summaries": [{"ChangeSetId": one} for one in self.others]}

    def delete_change_set(self, *, ChangeSetName: str) -> None:
        self.calls.append(f"discard {ChangeSetName}")

    def delete_stack(self, *, StackName: str) -> None:
        self.calls.append(f"delete {StackName}")

    def describe_stack_events(self, *, StackName: str) -> dict[str, Any]:
        assert StackName in self.stacks
        return {"StackEvents": list(self.events)}

    def get_paginator(self, operation: str) -> "Pages":
        return Pages(getattr(self, operation))


@dataclass
class Pages:
    operation: Any

    def paginate(self, **request: str) -> Iterator[dict[str, Any]]:
        yield self.operation(**request)


@dataclass
class Session:
    """A session whose CloudFormation is in process, each other service by moto, unless it is given."""

    regions: dict[str, CloudFormation] = field(default_factory=lambda: {REGION: CloudFormation()})
    services: dict[str, Any] = field(default_factory=dict)
    region_name: str = REGION
    profile_name: str = "default"

    def client(self, service: str, region_name: str = "", config: object = None) -> Any:  # noqa: ANN401 - boto3's clients
        if service == "cloudformation":
            return self.regions[region_name or self.region_name]
        if service in self.services:
            return self.services[service]
        make: Any = boto3.client
        return make(service, region_name=self.region_name, config=config)

    def get_partition_for_region(self, _: str) -> str:
        return "aws"

    def get_available_regions(self, service: str, partition: str) -> list[str]:
        assert (service, partition) == ("cloudformation", "aws")
        return [*self.regions]


def account_with(session: Session) -> Account:
    return Account(session, ACCOUNT)  # type: ignore[arg-type] # no boto3.Session
