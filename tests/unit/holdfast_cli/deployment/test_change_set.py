import pytest

from holdfast_cli.deployment.change_set import ChangeSet, create_change_set
from holdfast_cli.failures import CommandFailed
from tests.unit.holdfast_cli.cloudformation import CloudFormation


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
    cloudformation = CloudFormation(refusal=reason)
    assert create(cloudformation) is None
    assert cloudformation.calls == ["discard change-set"]


def test_a_refused_change_says_why_and_a_new_stack_is_removed() -> None:
    cloudformation = CloudFormation(refusal="Rule OperationsAreTold failed xoxb-1-c4n4ry")
    with pytest.raises(CommandFailed, match="OperationsAreTold") as failed:
        create(cloudformation, is_new=True)
    assert "c4n4ry" not in failed.value.report
    assert cloudformation.calls == ["discard change-set", "delete holdfast"]
