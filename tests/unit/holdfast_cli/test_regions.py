from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.regions import SEARCH, Search, search_regions, stack_in
from retry_policies.testing import FakeTime
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack


@dataclass
class Failing(CloudFormation):
    """A region that raises these errors in turn, then answers."""

    errors: list[Exception] = field(default_factory=list)

    def describe_stacks(self, *, StackName: str) -> dict[str, object]:
        if self.errors:
            raise self.errors.pop(0)
        return super().describe_stacks(StackName=StackName)


def answered(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeStacks")


SESSION = Session(
    {
        "us-east-1": CloudFormation(),
        "eu-west-1": CloudFormation({"holdfast": stack()}),
        "eu-west-2": CloudFormation({"holdfast": stack(status="REVIEW_IN_PROGRESS")}),
        "af-south-1": Failing(errors=[answered("InvalidClientTokenId")] * 9),
    }
)


def test_the_regions_that_have_the_stack_are_found_and_a_disabled_one_is_passed_over() -> None:
    assert search_regions(account_with(SESSION), "holdfast") == Search(["eu-west-1"], [])


def test_a_throttled_search_is_repeated_and_a_region_that_does_not_say_is_unknown() -> None:
    time = FakeTime()
    time.control(SEARCH)
    timeout = ConnectTimeoutError(endpoint_url="https://example.com")
    session = Session(
        {
            "us-east-1": CloudFormation(),
            "eu-west-1": Failing({"holdfast": stack()}, errors=[answered("Throttling"), answered("Throttling")]),
            "eu-west-2": CloudFormation(denies=True),
            "eu-west-3": Failing(errors=[timeout] * 9),
        }
    )
    search = search_regions(account_with(session), "holdfast")
    time.release()
    assert search == Search(["eu-west-1"], ["eu-west-2", "eu-west-3"])
    assert search.doubt == "; it is unknown whether there is one in eu-west-2, eu-west-3"


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
