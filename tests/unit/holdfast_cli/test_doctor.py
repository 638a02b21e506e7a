import json
from pathlib import Path

import boto3
import pytest

from demo.metric_alarm import MetricAlarm
from holdfast_cli import doctor_checks
from holdfast_cli.doctor_checks import Health, check_installation, check_stack
from holdfast_cli.failures import Exit
from holdfast_cli.routes import store
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack
from tests.unit.holdfast_cli.command import Run
from tests.unit.holdfast_cli.stacks import OUTPUTS

ALARM = "holdfast-ErrorsAlarm-1a2B"


def checks(session: Session) -> dict[str, tuple[Health, str, str]]:
    found = check_stack(account_with(session), "holdfast")
    return {one.name: (one.health, one.found, one.advice) for one in found}


@pytest.fixture
def deployed(session: boto3.Session) -> Session:
    """Return a session with a stack whose default destination has no secret and whose operations are not subscribed."""
    found = stack()
    topic = session.client("sns").create_topic(Name="ops")["TopicArn"]
    for output in found["Outputs"]:
        output["OutputValue"] = topic if output["OutputKey"] == "OpsTopicArn" else output["OutputValue"]
    MetricAlarm(session.client("cloudwatch"), ALARM).create(topic, "")
    return Session({"us-east-1": CloudFormation({"holdfast": found}, alarms=[ALARM])})


def test_an_account_without_a_stack_is_no_fault() -> None:
    assert checks(Session()) == {
        "stack": (
            Health.NOTE,
            "there is no stack holdfast in this account and region",
            "holdfast deploy --ops-email ADDRESS",
        )
    }


def test_a_region_that_does_not_say_whether_it_has_the_stack_is_no_fault() -> None:
    health, found, _ = checks(Session({"us-east-1": CloudFormation(), "eu-west-1": CloudFormation(denies=True)}))[
        "stack"
    ]
    assert health is Health.NOTE
    assert "it is unknown whether there is one in eu-west-1" in found


def test_a_stack_of_another_region_is_a_fault() -> None:
    session = Session({"us-east-1": CloudFormation(), "eu-west-1": CloudFormation({"holdfast": stack()})})
    health, found, advice = checks(session)["stack"]
    assert (health, advice) == (Health.BAD, "give --region eu-west-1")
    assert "there is one in eu-west-1" in found


@pytest.mark.parametrize(
    ("status", "advice"), [("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"), ("UPDATE_IN_PROGRESS", "wait")]
)
def test_a_stack_in_another_state_is_a_fault_with_its_advice(deployed: Session, status: str, advice: str) -> None:
    deployed.regions["us-east-1"].stacks["holdfast"]["StackStatus"] = status
    health, found, said = checks(deployed)["stack"]
    assert (health, found) == (Health.BAD, f"holdfast: {status}")
    assert advice in said


@pytest.mark.parametrize(
    ("status", "advice"), [("CREATE_IN_PROGRESS", "wait until CloudFormation"), ("ROLLBACK_COMPLETE", "delete-stack")]
)
def test_a_stack_without_outputs_is_a_fault_with_the_advice_of_its_state(
    deployed: Session, status: str, advice: str
) -> None:
    deployed.regions["us-east-1"].stacks["holdfast"]["StackStatus"] = status
    health, found, said = checks(deployed)["stack"]
    assert (health, found) == (Health.BAD, f"stack holdfast is {status}")
    assert advice in said


def test_an_empty_stack_is_no_stack() -> None:
    empty = CloudFormation({"holdfast": stack(status="REVIEW_IN_PROGRESS")})
    assert checks(Session({"us-east-1": empty}))["stack"][:2] == checks(Session())["stack"][:2]


def test_a_new_stack_lacks_its_secret_and_its_subscriber(deployed: Session) -> None:
    found = checks(deployed)
    assert found["stack"][0] is Health.GOOD
    assert found["secret"] == (
        Health.BAD,
        "/holdfast/destinations/default does not exist",
        "holdfast secret --stack holdfast",
    )
    assert (found["operations"][0], found["routes"][0], found["alarms"][0]) == (Health.BAD, Health.NOTE, Health.GOOD)


def test_a_complete_stack_has_no_fault(deployed: Session, session: boto3.Session) -> None:
    session.client("ssm").put_parameter(Name="/holdfast/destinations/default", Value="x", Type="SecureString")
    topic = session.client("sns").list_topics()["Topics"][0]["TopicArn"]
    session.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    store(account_with(deployed), "holdfast", '{"routes": []}')
    assert {health for health, _, _ in checks(deployed).values()} == {Health.GOOD}


def test_invalid_routes_and_alarms_are_faults(deployed: Session, session: boto3.Session) -> None:
    store(account_with(deployed), "holdfast", "{")
    cloudwatch = session.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="as a test")
    found = checks(deployed)
    assert (found["routes"][0], found["alarms"][0]) == (Health.BAD, Health.BAD)
    assert ALARM in found["alarms"][1]
    cloudwatch.delete_alarms(AlarmNames=[ALARM])
    assert checks(deployed)["alarms"][:2] == (Health.BAD, "no alarm of the stack was found")


def test_a_secret_of_secrets_manager_is_found(deployed: Session, session: boto3.Session) -> None:
    for output in deployed.regions["us-east-1"].stacks["holdfast"]["Outputs"]:
        output["OutputValue"] = "secretsmanager" if output["OutputKey"] == "SecretStore" else output["OutputValue"]
    assert checks(deployed)["secret"][0] is Health.BAD
    session.client("secretsmanager").create_secret(Name="/holdfast/destinations/default", SecretString="x")
    assert checks(deployed)["secret"][0] is Health.GOOD
    assert OUTPUTS["SecretStore"] == "ssm"


def test_without_credentials_the_code_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    finished = run("doctor", "--region", "eu-west-1", "--json")
    assert finished.code == Exit.NO_ACCESS
    assert [(one["name"], one["health"]) for one in json.loads(finished.out)] == [
        ("installation", "ok"),
        ("credentials", "fault"),
    ]
    assert "region eu-west-1" in json.loads(finished.out)[1]["found"]


def test_a_checkout_without_sam_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor_checks, "SAM", tmp_path / "no-sam")
    assert (check_installation().health, check_installation().advice) == (Health.BAD, "make setup")
    monkeypatch.setattr(doctor_checks, "IS_CHECKOUT", False)
    assert check_installation().found.startswith("package with its code")
