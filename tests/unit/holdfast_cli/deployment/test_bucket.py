from pathlib import Path

import boto3
import pytest

from holdfast_cli.deployment.bucket import find_bucket
from holdfast_cli.deployment.packaged import Packaged
from holdfast_cli.failures import CommandFailed
from tests.unit.holdfast_cli.cloudformation import Session, account_with

OWN = "holdfast-artifacts-123456789012-us-east-1"


@pytest.fixture
def packaged(tmp_path: Path) -> Packaged:
    code = tmp_path / "code-1.zip"
    code.write_bytes(b"code")
    return Packaged({"Resources": {}}, {code.name: code})


def test_the_bucket_of_the_account_and_region_is_made_private_once(session: boto3.Session) -> None:
    assert find_bucket(account_with(Session())).name == find_bucket(account_with(Session())).name == OWN
    block = session.client("s3").get_public_access_block(Bucket=OWN)["PublicAccessBlockConfiguration"]
    assert all(block.values())


def test_another_region_gets_a_bucket_in_that_region(session: boto3.Session) -> None:
    found = find_bucket(account_with(Session(region_name="eu-west-1")))
    assert session.client("s3").get_bucket_location(Bucket=found.name)["LocationConstraint"] == "eu-west-1"


@pytest.mark.usefixtures("session")
def test_the_own_bucket_is_made_again_if_it_was_deleted() -> None:
    assert find_bucket(account_with(Session()), OWN).name == OWN


def test_a_given_bucket_is_used_but_never_made(session: boto3.Session) -> None:
    session.client("s3").create_bucket(Bucket="mine")
    assert find_bucket(account_with(Session()), "mine").name == "mine"
    with pytest.raises(CommandFailed, match=r"the bucket theirs .* S3 answered 404") as failed:
        find_bucket(account_with(Session()), "theirs")
    assert "--bucket" in failed.value.advice


def test_code_is_uploaded_once_and_the_template_each_time(session: boto3.Session, packaged: Packaged) -> None:
    bucket, shown = find_bucket(account_with(Session())), list[str]()
    url = bucket.upload(packaged, shown.append)
    packaged.files["code-1.zip"].write_bytes(b"never uploaded: the name has the hash of the code")
    bucket.upload(packaged, shown.append)
    s3 = session.client("s3")
    assert s3.get_object(Bucket=OWN, Key="holdfast/code-1.zip")["Body"].read() == b"code"
    key = f"holdfast/{url.rpartition('/')[2]}"
    assert s3.get_object(Bucket=OWN, Key=key)["Body"].read() == b'{"Resources": {}}'
    assert url == f"https://s3.amazonaws.com/{OWN}/{key}"
    other = bucket.upload(Packaged({"Resources": {"A": {}}}, {}), shown.append)
    assert other != url  # a deployment at the same time, of another version, must not replace it
    assert shown[0] == "uploading the code, 1 of 1"
