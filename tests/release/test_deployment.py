"""The released files deploy to the local AWS from nothing else."""

from pathlib import Path

import pytest

from demo.platform import PARAMETERS, LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import find_stack
from tests.release.conftest import DIST, run
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import alarm_message

pytestmark = pytest.mark.release
OPTIONS = ("-p", "Pace=quick", "-p", f"Architecture={PARAMETERS['Architecture']}")


def test_the_wheel_deploys_from_a_bare_environment_without_a_build(
    aws: LocalAws, slack: SlackStandin, bare: Path, tmp_path: Path
) -> None:
    holdfast = bare / "holdfast"
    assert "package with its code" in run(aws, tmp_path, holdfast, "doctor")
    printed = run(aws, tmp_path, holdfast, "deploy", "--yes", "--ops-email", "ops@example.com", *OPTIONS)
    assert "new stack holdfast" in printed
    run(aws, tmp_path, holdfast, "secret", stdin=f"{slack.webhook_url('ops')}\n")
    assert "delivered: Holdfast test alert" in run(aws, tmp_path, holdfast, "verify")
    assert "guardduty" in run(aws, tmp_path, holdfast, "kinds")
    assert "none of" in run(aws, tmp_path, holdfast, "doctor")
    assert "nothing was changed" in run(aws, tmp_path, holdfast, "deploy", "--yes")


def test_the_template_deploys_from_the_files_of_dist_in_a_bucket(aws: LocalAws, slack: SlackStandin) -> None:
    s3, cloudformation = aws.client("s3"), aws.client("cloudformation")
    location = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="released", CreateBucketConfiguration=location)
    for file in (*DIST.glob("*.zip"), DIST / "template.json"):
        s3.put_object(Bucket="released", Key=f"holdfast/1/{file.name}", Body=file.read_bytes())
    parameters = {
        "ArtifactsBucket": "released",
        "ArtifactsPrefix": "holdfast/1/",
        "OpsEmail": "ops@example.com",
        "Pace": "quick",
        "Architecture": PARAMETERS["Architecture"],
    }
    cloudformation.create_stack(
        StackName="released",
        TemplateURL=f"{aws.endpoint}/released/holdfast/1/template.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="released", WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )
    stack = find_stack(cloudformation, "released")
    aws.store_destination(stack, slack.webhook_url("ops"))
    aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, Message=alarm_message(AlarmName="released-1"))
    assert wait_for(lambda: any("released-1" in one.body for one in slack.messages(accepted=True)))
