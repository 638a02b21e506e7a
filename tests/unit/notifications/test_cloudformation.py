import pytest

from holdfast_cli.kinds import SAMPLES
from notifications.line import line
from notifications.models import Notification, Status
from notifications.parsing import parse
from outcomes.outcome import SkipReason
from tests.support.samples.notifications import record

TEXT = (SAMPLES / "cloudformation-resource-complete.txt").read_text(encoding="utf-8")
STACK_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1a2b3c4d-0000-11ee-8c99-0242ac120002"
PROGRESS = SkipReason.STACK_RESOURCE


def changed(**fields: str) -> Notification:
    """Parse the text of a resource with other values in these fields."""
    lines = [
        f"{name}='{fields.get(name, value.strip(chr(39)))}'"
        for name, _, value in (one.partition("=") for one in TEXT.splitlines())
    ]
    return parse(record("\n".join(lines) + "\n"))


@pytest.mark.parametrize(
    "state",
    [
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "DELETE_COMPLETE",
        "DELETE_SKIPPED",
        "IMPORT_COMPLETE",
    ],
)
def test_the_progress_of_a_resource_is_skipped(state: str) -> None:
    assert changed(ResourceStatus=state).skipped is PROGRESS


@pytest.mark.parametrize(
    "state",
    ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED", "IMPORT_FAILED", "UPDATE_ROLLBACK_COMPLETE", "NEW_STATE", ""],
)
def test_a_failure_of_a_resource_and_an_unknown_state_are_alerts(state: str) -> None:
    assert changed(ResourceStatus=state).skipped is None


@pytest.mark.parametrize("state", ["CREATE_IN_PROGRESS", "UPDATE_COMPLETE", "DELETE_COMPLETE"])
def test_each_state_of_the_stack_itself_is_an_alert(state: str) -> None:
    said = changed(
        LogicalResourceId="shop",
        PhysicalResourceId=STACK_ID,
        ResourceType="AWS::CloudFormation::Stack",
        ResourceStatus=state,
    )
    assert (said.skipped, said.title) == (None, "shop")


def test_a_nested_stack_counts_as_a_resource_of_its_parent() -> None:
    nested = {
        "LogicalResourceId": "Network",
        "PhysicalResourceId": STACK_ID.replace("shop", "shop-Network"),
        "ResourceType": "AWS::CloudFormation::Stack",
    }
    assert changed(**nested, ResourceStatus="UPDATE_COMPLETE").skipped is PROGRESS
    assert changed(**nested, ResourceStatus="UPDATE_FAILED").skipped is None
    own = {"StackName": "shop-Network", "LogicalResourceId": "shop-Network", "StackId": nested["PhysicalResourceId"]}
    assert changed(**(nested | own), ResourceStatus="UPDATE_COMPLETE").skipped is None


@pytest.mark.parametrize("missing", ["LogicalResourceId", "ResourceType", "StackId"])
def test_a_text_that_does_not_name_a_resource_is_an_alert(missing: str) -> None:
    text = "\n".join(one for one in TEXT.splitlines() if not one.startswith(missing))
    assert parse(record(text)).skipped is None


def test_a_reason_of_several_lines_cannot_change_the_state() -> None:
    said = changed(
        ResourceStatus="UPDATE_FAILED", ResourceStatusReason="it said 'no'\nResourceStatus='UPDATE_COMPLETE'"
    )
    assert (said.label, said.status, said.skipped) == ("UPDATE_FAILED", Status.FIRING, None)


def test_the_line_of_a_nested_stack_shows_names_in_place_of_arns() -> None:
    text = (SAMPLES / "cloudformation-nested-failed.txt").read_text(encoding="utf-8")
    assert line(parse(record(text))) == (
        "🔴 UPDATE_FAILED shop / Network: Embedded stack shop-Network-1OOSO5WX7K2EY was not successfully updated. "
        "Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to update: [Gateway]. "
        "(111122223333, eu-west-1)"
    )
