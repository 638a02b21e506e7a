from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from holdfast_cli.deployment.change_set import Change
from holdfast_cli.deployment.deployment import Deployment
from holdfast_cli.deployment.packaged import PARAMETERS, Packaged
from holdfast_cli.deployment.plan import Plan
from holdfast_cli.failures import CommandFailed
from holdfast_cli.progress import Show
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack

ENDED = [("holdfast", "CREATE_COMPLETE", "")]


class Source:
    """A version of one file, which counts its builds."""

    def __init__(self, folder: Path) -> None:
        own = {"OpsEmail": {"Type": "String"}, "Architecture": {"Default": "arm64"}}
        self.definitions = {**own, **PARAMETERS}
        self.built: list[str] = []
        self._code = folder / "code.zip"
        self._code.write_bytes(b"code")

    def package(self, architecture: str, show: Show) -> Packaged:
        show("building")
        self.built.append(architecture)
        return Packaged({}, {"code.zip": self._code})


@pytest.fixture
def source(session: boto3.Session, tmp_path: Path) -> Source:
    session.client("s3").create_bucket(Bucket="holdfast-artifacts-123456789012-us-east-1")
    return Source(tmp_path)


def deployment(source: Source, cloudformation: CloudFormation, **given: str) -> Deployment:
    return Deployment(
        account=account_with(Session({"us-east-1": cloudformation})),
        stack="holdfast",
        source=source,
        given=given,
        confirm=lambda _plan, changes: bool(changes),
    )


def test_a_new_stack_is_built_uploaded_and_deployed(source: Source) -> None:
    cloudformation = CloudFormation(ends=ENDED)
    assert deployment(source, cloudformation, OpsEmail="a@b.c").run()
    assert source.built == ["arm64"]
    assert {one["ParameterKey"]: one["ParameterValue"] for one in cloudformation.created[0]["Parameters"]} == {
        "OpsEmail": "a@b.c",
        "ArtifactsBucket": "holdfast-artifacts-123456789012-us-east-1",
        "ArtifactsPrefix": "holdfast/",
    }
    assert cloudformation.calls == ["execute change-set"]


def test_nothing_is_built_for_a_stack_that_cannot_be_deployed(source: Source) -> None:
    with pytest.raises(CommandFailed, match="needs an address"):
        deployment(source, CloudFormation()).run()
    with pytest.raises(CommandFailed, match="UPDATE_IN_PROGRESS"):
        deployment(source, CloudFormation({"holdfast": stack(status="UPDATE_IN_PROGRESS")})).run()
    assert source.built == []


def test_refused_changes_leave_nothing(source: Source) -> None:
    cloudformation = CloudFormation()
    refused = replace(deployment(source, cloudformation, OpsEmail="a@b.c"), confirm=lambda _plan, _changes: False)
    with pytest.raises(CommandFailed, match="nothing was changed"):
        refused.run()
    assert cloudformation.calls == ["discard change-set", "delete id-of-holdfast"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_an_interruption_of_the_question_leaves_nothing(source: Source, interruption: type[BaseException]) -> None:
    def interrupt(_plan: Plan, _changes: list[Change]) -> bool:
        raise interruption

    cloudformation = CloudFormation()
    asking = replace(deployment(source, cloudformation, OpsEmail="a@b.c"), confirm=interrupt)
    with pytest.raises(interruption):
        asking.run()
    assert cloudformation.calls == ["discard change-set", "delete id-of-holdfast"]


def test_a_stack_keeps_the_bucket_of_its_code_unless_another_is_given(source: Source, session: boto3.Session) -> None:
    for name in ("mine", "another"):
        session.client("s3").create_bucket(Bucket=name)
    cloudformation = CloudFormation({"holdfast": stack(ArtifactsBucket="mine")}, refusal="didn't contain changes")
    kept = deployment(source, cloudformation)
    kept.run()
    replace(kept, bucket="another").run()
    given = [
        {one["ParameterKey"]: one.get("ParameterValue") for one in each["Parameters"]}
        for each in cloudformation.created
    ]
    assert [one["ArtifactsBucket"] for one in given] == ["mine", "another"]


def test_a_stack_without_changes_is_not_changed(source: Source) -> None:
    cloudformation = CloudFormation({"holdfast": stack()}, refusal="didn't contain changes")
    assert not deployment(source, cloudformation).run()
