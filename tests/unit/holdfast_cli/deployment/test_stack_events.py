import pytest
from botocore.exceptions import ClientError

from holdfast_cli.deployment.stack_events import StackEvents
from holdfast_cli.failures import INTERRUPTED, CommandFailed, Exit
from tests.unit.holdfast_cli.cloudformation import CloudFormation, stack

OLD = {"EventId": "old", "LogicalResourceId": "holdfast", "ResourceStatus": "UPDATE_COMPLETE"}


class Slow(CloudFormation):
    """A CloudFormation that ends a change only after some looks."""

    looks = 0

    def describe_stack_events(self, *, StackName: str) -> dict[str, object]:
        self.looks += 1
        if self.looks == 4:
            self.execute_change_set(ChangeSetName="change-set")
        return super().describe_stack_events(StackName=StackName)


def followed(*ends: tuple[str, str, str]) -> list[str]:
    cloudformation = Slow({"holdfast": stack()}, ends=[*ends], events=[OLD], created=[{"StackName": "holdfast"}])
    shown = list[str]()
    StackEvents.from_now(cloudformation, "holdfast", lambda _: None).follow(shown.append)
    return shown


def test_the_former_state_does_not_end_the_wait() -> None:
    assert followed(("Queue", "UPDATE_COMPLETE", ""), ("holdfast", "UPDATE_COMPLETE", "")) == [
        "CloudFormation: 0 resources are done"
    ]


def test_a_failed_deployment_names_the_causes_and_not_what_they_cancelled() -> None:
    with pytest.raises(CommandFailed) as failed:
        followed(
            ("Queue", "CREATE_FAILED", "no permission xoxb-1-c4n4ry"),
            ("Topic", "CREATE_FAILED", "Resource creation cancelled"),
            ("holdfast", "ROLLBACK_COMPLETE", ""),
        )
    assert failed.value.problem.startswith("stack holdfast is ROLLBACK_COMPLETE\n  Queue: no permission")
    assert "Topic" not in failed.value.problem
    assert "c4n4ry" not in failed.value.problem


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("ROLLBACK_COMPLETE", "aws cloudformation delete-stack --stack-name holdfast"),
        ("UPDATE_ROLLBACK_COMPLETE", "CloudFormation has restored the former state"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name holdfast"),
    ],
)
def test_the_advice_fits_the_state_in_which_a_deployment_ended(status: str, advice: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        followed(("Queue", "CREATE_FAILED", "no"), ("holdfast", status, ""))
    assert advice in failed.value.advice


def test_an_interruption_says_that_cloudformation_continues() -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    cloudformation = CloudFormation({"holdfast": stack()}, events=[OLD])
    with pytest.raises(CommandFailed, match="CloudFormation continues") as failed:
        StackEvents.from_now(cloudformation, "holdfast", interrupt).follow(lambda _: None)
    assert failed.value.code == INTERRUPTED


def test_credentials_that_expire_during_a_deployment_do_not_end_it() -> None:
    def expire(_: float) -> None:
        raise ClientError({"Error": {"Code": "ExpiredToken"}}, "DescribeStackEvents")

    cloudformation = CloudFormation({"holdfast": stack()}, events=[OLD])
    with pytest.raises(CommandFailed, match="CloudFormation continues with stack holdfast") as failed:
        StackEvents.from_now(cloudformation, "holdfast", expire).follow(lambda _: None)
    assert failed.value.code == Exit.NO_ACCESS
