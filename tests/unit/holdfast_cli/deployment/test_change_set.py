from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from holdfast_cli.deployment.change_set import ChangeSet, create_change_set
from holdfast_cli.failures import CommandFailed
from tests.unit.holdfast_cli.cloudformation import CloudFormation, stack


def create(cloudformation: CloudFormation, *, is_new: bool = False) -> ChangeSet | None:
    parameters = {"Pace": "quick", "OpsEmail": None}
    return create_change_set(cloudformation, "holdfast", "https://url", parameters, is_new=is_new)


def test_a_change_set_has_the_given_parameters_and_keeps_the_others() -> None:
    cloudformation = CloudFormation()
    assert create(cloudformation, is_new=True)
    [request] = cloudformation.created
    assert (request["ChangeSetType"], request["TemplateURL"]) == ("CREATE", "https://url")
    assert request["Parameters"] == [
        {"ParameterKey": "Pace", "ParameterValue": "quick"},
        {"ParameterKey": "OpsEmail", "UsePreviousValue": True},
    ]


def test_the_changes_are_listed() -> None:
    change_set = create(CloudFormation())
    assert change_set
    assert [(one.action, one.resource, one.replacement) for one in change_set.changes()] == [
        ("Modify", "Role", "False"),
        ("Add", "Queue", "True"),
    ]


@pytest.mark.parametrize(
    "reason", ["The submitted information didn't contain changes. Submit …", "No updates are to be performed."]
)
def test_an_update_without_a_change_is_none_and_leaves_nothing(reason: str) -> None:
    cloudformation = CloudFormation({"holdfast": stack()}, refusal=reason)
    assert create(cloudformation) is None
    assert cloudformation.calls == ["discard change-set"]


def test_a_refused_change_says_why_and_a_new_stack_is_removed() -> None:
    cloudformation = CloudFormation(refusal="Rule OperationsAreTold failed xoxb-1-c4n4ry")
    with pytest.raises(CommandFailed, match="OperationsAreTold") as failed:
        create(cloudformation, is_new=True)
    assert "c4n4ry" not in failed.value.report
    assert cloudformation.calls == ["discard change-set", "delete id-of-holdfast"]


@pytest.mark.parametrize(
    "change",
    [
        lambda aws: aws.stacks.update(holdfast=stack(status="CREATE_COMPLETE")),
        lambda aws: aws.stacks.update(holdfast=stack(status="CREATE_IN_PROGRESS")),
        lambda aws: aws.others.append("the change set of a colleague"),
    ],
    ids=["deployed", "in deployment", "about to be deployed"],
)
def test_a_stack_that_a_colleague_deploys_meanwhile_is_not_deleted(change: Callable[[CloudFormation], None]) -> None:
    cloudformation = CloudFormation()
    change_set = create(cloudformation, is_new=True)
    assert change_set
    change(cloudformation)
    change_set.discard()
    assert cloudformation.calls == ["discard change-set"]


class Comparing(CloudFormation):
    """A CloudFormation that compares until the third look, and fails or is interrupted at the second."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.looks: list[BaseException | None] = [None, error, None]

    def describe_change_set(self, *, ChangeSetName: str) -> dict[str, object]:
        found = super().describe_change_set(ChangeSetName=ChangeSetName)
        if not self.looks:
            return found
        if error := self.looks.pop(0):
            raise error
        return found | {"Status": "CREATE_IN_PROGRESS"}

    def delete_change_set(self, *, ChangeSetName: str) -> None:
        assert not self.looks, "CloudFormation does not delete a change set while it compares"
        super().delete_change_set(ChangeSetName=ChangeSetName)


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), SystemExit(143), ClientError({"Error": {"Code": "Throttling"}}, "DescribeChangeSet")],
    ids=repr,
)
def test_an_end_of_the_comparison_leaves_nothing(error: BaseException) -> None:
    cloudformation = Comparing(error)
    with pytest.raises(type(error)):
        create_change_set(cloudformation, "holdfast", "https://url", {}, is_new=True, sleep=lambda _: None)
    assert cloudformation.calls == ["discard change-set", "delete id-of-holdfast"]
