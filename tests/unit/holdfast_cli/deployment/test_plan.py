import pytest

from holdfast_cli.deployment.plan import Plan, make_plan
from holdfast_cli.failures import CommandFailed, Exit
from tests.support.stack.template import ROOT
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack

DEFINITIONS = {"OpsEmail": {"Type": "String"}, "Architecture": {"Type": "String", "Default": "arm64"}}


def plan_of(here: CloudFormation, *, there: CloudFormation | None = None, may_be_second: bool = False) -> Plan:
    session = Session({"us-east-1": here} | ({"eu-west-1": there} if there else {}))
    return make_plan(account_with(session), "holdfast", may_be_second=may_be_second)


def test_a_deployed_stack_keeps_its_parameters_and_its_processor() -> None:
    plan = plan_of(CloudFormation({"holdfast": stack(OpsEmail="a@b.c", Architecture="x86_64", Old="1")}))
    assert not plan.is_new
    given = {"OpsEmail": "d@e.f", "ArtifactsBucket": "b"}
    assert plan.parameters(DEFINITIONS, given) == {"Architecture": None} | given
    assert plan.architecture(DEFINITIONS, {}) == "x86_64"
    assert plan.architecture(DEFINITIONS, {"Architecture": "arm64"}) == "arm64"


def test_a_new_stack_has_the_given_parameters_only_and_needs_operations() -> None:
    plan = plan_of(CloudFormation({"holdfast": stack(status="REVIEW_IN_PROGRESS")}))
    assert plan == plan_of(CloudFormation()) == Plan("holdfast", is_new=True)
    assert plan.parameters(DEFINITIONS, {}) == {}
    assert plan.architecture(DEFINITIONS, {}) == "arm64"
    for given in ({"OpsEmail": "a@b.c"}, {"OpsTopicArn": "arn"}):
        plan.check_new(given)
    with pytest.raises(CommandFailed, match="needs an address") as failed:
        plan.check_new({"OpsEmail": ""})
    assert failed.value.code is Exit.USAGE


def test_a_stack_of_another_region_is_no_new_stack_unless_that_is_wanted() -> None:
    there = CloudFormation({"holdfast": stack()})
    with pytest.raises(CommandFailed, match="no stack holdfast in us-east-1, but there is one in eu-west-1") as failed:
        plan_of(CloudFormation(), there=there)
    assert failed.value.code is Exit.NO_STACK
    failed.value.where = "account 111122223333, region us-east-1"
    assert failed.value.report in (ROOT / "docs" / "command.md").read_text()
    assert plan_of(CloudFormation(), there=there, may_be_second=True).is_new


def test_a_region_that_does_not_say_whether_it_has_the_stack_needs_new() -> None:
    denied = CloudFormation(denies=True)
    with pytest.raises(CommandFailed, match="it is unknown whether there is one in eu-west-1") as failed:
        plan_of(CloudFormation(), there=denied)
    assert "--new" in failed.value.advice
    assert plan_of(CloudFormation(), there=denied, may_be_second=True).is_new


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("UPDATE_IN_PROGRESS", "wait"),
        ("ROLLBACK_COMPLETE", "delete-stack --stack-name holdfast"),
        ("DELETE_FAILED", "delete-stack --stack-name holdfast"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name holdfast"),
        ("UPDATE_FAILED", "rollback-stack --stack-name holdfast"),
    ],
)
def test_a_stack_that_cannot_be_updated_is_refused(status: str, advice: str) -> None:
    with pytest.raises(CommandFailed, match=f"stack holdfast is {status}") as failed:
        plan_of(CloudFormation({"holdfast": stack(status=status)}))
    assert advice in failed.value.advice


def test_a_new_stack_with_a_reserved_name_needs_both_paths() -> None:
    given = {"OpsEmail": "a@b.c", "DestinationsPath": "/alerts/destinations"}
    with pytest.raises(CommandFailed, match="cannot be below /aws-alerts"):
        Plan("aws-alerts", is_new=True).check_new(given)
    Plan("aws-alerts", is_new=True).check_new(given | {"RoutesParameter": "/alerts/routes"})
    Plan("aws-alerts", is_new=False).check_new({})
