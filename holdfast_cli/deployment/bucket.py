"""The bucket of the account and region that keeps templates and code."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from holdfast_cli.account import Account
from holdfast_cli.deployment.packaged import Packaged
from holdfast_cli.failures import CommandFailed

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
PREFIX = "holdfast/"
DEFAULT_REGION = "us-east-1"
"""The region that S3 does not take as a location."""


@dataclass(frozen=True)
class Bucket:
    s3: Any
    name: str
    owner: str
    """The account: S3 refuses each call if the bucket is another's."""

    def upload(self, packaged: Packaged, show: Callable[[str], None]) -> str:
        """Upload the files that the bucket lacks; return the URL of the template."""
        for number, (name, path) in enumerate(packaged.files.items(), start=1):
            show(f"uploading the code, {number} of {len(packaged.files)}")
            if not self._has(PREFIX + name):
                self._put(PREFIX + name, path.read_bytes())
        template = json.dumps(packaged.template).encode()
        key = f"{PREFIX}template-{hashlib.sha256(template).hexdigest()[:32]}.json"
        self._put(key, template)
        return f"{self.s3.meta.endpoint_url}/{self.name}/{key}"

    def _has(self, key: str) -> bool:
        try:
            self.s3.head_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.owner)
        except ClientError as error:
            if _status(error) == HTTPStatus.NOT_FOUND:
                return False
            raise
        return True

    def _put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body, ExpectedBucketOwner=self.owner)


def find_bucket(account: Account, name: str = "") -> Bucket:
    """Return the bucket of that name, or the one of this account and region, made if it does not exist yet."""
    s3: Any = account.client("s3")
    own = f"holdfast-artifacts-{account.id}-{account.region}"
    name = name or own
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account.id)
    except ClientError as error:
        if _status(error) != HTTPStatus.NOT_FOUND or name != own:
            raise _unusable(name, error) from error
        location = {"LocationConstraint": account.region}
        with_location = {} if account.region == DEFAULT_REGION else {"CreateBucketConfiguration": location}
        s3.create_bucket(Bucket=own, **with_location)
        s3.put_public_access_block(
            Bucket=own, PublicAccessBlockConfiguration=dict.fromkeys(BLOCKS, True), ExpectedBucketOwner=account.id
        )
    return Bucket(s3, name, account.id)


def _unusable(name: str, error: ClientError) -> CommandFailed:
    return CommandFailed(
        f"the bucket {name} for the code cannot be used: S3 answered {_status(error)}",
        "give --bucket with a bucket of this account and region that you may write",
    )


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
