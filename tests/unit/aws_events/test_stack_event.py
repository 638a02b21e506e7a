import json

import pytest

from aws_events.stack_event import is_resource_progress, read_stack_event
from holdfast_cli.kinds import SAMPLES

TEXT = (SAMPLES / "cloudformation-resource-complete.txt").read_text(encoding="utf-8")
STACK_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1a2b3c4d-0000-11ee-8c99-0242ac120002"
NESTED_ID = STACK_ID.replace("shop", "shop-Network")
NESTED = {"LogicalResourceId": "Network", "PhysicalResourceId": NESTED_ID, "ResourceType": "AWS::CloudFormation::Stack"}


def changed(**fields: str) -> str:
    """Return the text of a resource with other values in these fields."""
    facts = {**read_stack_event(TEXT), **fields}
    return "".join(f"{name}='{value}'\n" for name, value in facts.items())


@pytest.mark.parametrize(
    "state", ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE", "DELETE_SKIPPED"]
)
def test_the_progress_of_a_resource_is_recognised(state: str) -> None:
    assert is_resource_progress(changed(ResourceStatus=state))


@pytest.mark.parametrize(
    "state",
    ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED", "IMPORT_FAILED", "UPDATE_ROLLBACK_COMPLETE", "NEW_STATE", ""],
)
def test_a_failure_of_a_resource_and_an_unknown_state_are_alerts(state: str) -> None:
    assert not is_resource_progress(changed(ResourceStatus=state))


@pytest.mark.parametrize("state", ["CREATE_IN_PROGRESS", "UPDATE_COMPLETE", "DELETE_COMPLETE"])
def test_each_state_of_the_stack_itself_is_an_alert(state: str) -> None:
    stack = {"LogicalResourceId": "shop", "PhysicalResourceId": STACK_ID, "ResourceType": "AWS::CloudFormation::Stack"}
    assert not is_resource_progress(changed(**stack, ResourceStatus=state))


def test_a_nested_stack_counts_as_a_resource_of_its_parent() -> None:
    assert is_resource_progress(changed(**NESTED, ResourceStatus="UPDATE_COMPLETE"))
    assert not is_resource_progress(changed(**NESTED, ResourceStatus="UPDATE_FAILED"))
    own = NESTED | {"StackId": NESTED_ID, "StackName": "shop-Network", "LogicalResourceId": "shop-Network"}
    assert not is_resource_progress(changed(**own, ResourceStatus="UPDATE_COMPLETE"))


@pytest.mark.parametrize("missing", [("StackName",), ("StackName", "PhysicalResourceId"), ("LogicalResourceId",)])
def test_the_stack_itself_is_recognised_by_its_ids_too(missing: tuple[str, ...]) -> None:
    stack = {"LogicalResourceId": "shop", "PhysicalResourceId": STACK_ID, "ResourceType": NESTED["ResourceType"]}
    text = changed(**stack, ResourceStatus="UPDATE_COMPLETE")
    assert not is_resource_progress(
        "".join(one for one in text.splitlines(keepends=True) if not one.startswith(missing))
    )


@pytest.mark.parametrize("missing", ["LogicalResourceId", "ResourceType", "StackId", "ResourceStatus"])
def test_a_text_that_does_not_name_a_resource_is_an_alert(missing: str) -> None:
    lines = TEXT.splitlines(keepends=True)
    assert not is_resource_progress("".join(one for one in lines if not one.startswith(missing)))


def test_a_reason_of_several_lines_cannot_change_the_state() -> None:
    reason = "it said 'no'\nResourceStatus='UPDATE_COMPLETE'"
    text = changed(ResourceStatus="UPDATE_FAILED", ResourceStatusReason=reason)
    assert read_stack_event(text)["ResourceStatus"] == "UPDATE_FAILED"
    assert not is_resource_progress(text)


def test_an_encoded_text_is_recognised_and_another_text_is_not() -> None:
    assert is_resource_progress(json.dumps(TEXT))
    assert not is_resource_progress(f"Deployed:\n{TEXT}")
    assert not is_resource_progress(json.dumps({"text": TEXT}))
