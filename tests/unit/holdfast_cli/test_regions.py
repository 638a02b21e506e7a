import pytest
from botocore.exceptions import ClientError

from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.regions import regions_with, stack_in
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack


class Disabled(CloudFormation):
    def describe_stacks(self, *, StackName: str) -> dict[str, object]:
        raise ClientError({"Error": {"Code": "InvalidClientTokenId", "Message": StackName}}, "DescribeStacks")


SESSION = Session(
    {
        "us-east-1": CloudFormation(),
        "eu-west-1": CloudFormation({"holdfast": stack()}),
        "eu-west-2": CloudFormation({"holdfast": stack(status="REVIEW_IN_PROGRESS")}),
        "af-south-1": Disabled(),
    }
)


def test_the_regions_that_have_the_stack_are_found_and_a_disabled_one_is_passed_over() -> None:
    assert regions_with(account_with(SESSION), "holdfast") == ["eu-west-1"]


def test_a_stack_of_another_region_is_named_in_the_failure() -> None:
    with pytest.raises(CommandFailed, match=r"no stack holdfast .* but there is one in eu-west-1") as failed:
        stack_in(account_with(SESSION), "holdfast")
    assert (failed.value.advice, failed.value.code) == ("give --region eu-west-1", Exit.NO_STACK)


def test_a_stack_that_is_nowhere_is_to_be_deployed() -> None:
    with pytest.raises(CommandFailed) as failed:
        stack_in(account_with(SESSION), "nowhere")
    assert (failed.value.advice, failed.value.code) == ("deploy it: holdfast deploy", Exit.NO_STACK)


def test_a_stack_of_this_region_is_returned() -> None:
    here = Session({"us-east-1": CloudFormation({"holdfast": stack(Pace="quick")})})
    assert stack_in(account_with(here), "holdfast").parameters == {"Pace": "quick"}
