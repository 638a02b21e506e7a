"""The policies of a deployed role, and a role without one of its grants."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.local_aws.pipeline import LocalPipeline
from tests.support.stack.grants import Grant, grants, without


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of a deployed role: its own, or an attached one, which has an ARN."""

    iam: Any
    role: str
    name: str
    document: dict[str, Any]
    arn: str = ""

    @classmethod
    def all_of(cls, pipeline: LocalPipeline, logical: str) -> list["Policy"]:
        role = pipeline.resource(logical)
        iam = pipeline.aws.client("iam")
        own = [
            cls(iam, role, name, iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ]
        attached = [
            cls(iam, role, one["PolicyName"], _document(iam, one["PolicyArn"]), one["PolicyArn"])
            for one in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        ]
        return [*own, *attached]

    @classmethod
    @contextmanager
    def lacking(cls, pipeline: LocalPipeline, logical: str, sid: str, action: str, on: str = "") -> Iterator[None]:
        """Remove one grant of a role inside the block; `on` is a word of its resource."""
        [(policy, grant)] = [
            (policy, grant)
            for policy in cls.all_of(pipeline, logical)
            for grant in grants(policy.document)
            if (grant.sid, grant.action) == (sid, action) and on in grant.resource
        ]
        with policy.without(grant):
            yield

    @contextmanager
    def without(self, grant: Grant) -> Iterator[None]:
        """Remove this grant inside the block: an attached policy is replaced by an inline one without the grant."""
        left = without(self.document, grant)
        if left["Statement"]:
            self._put(left)
        if self.arn:
            self.iam.detach_role_policy(RoleName=self.role, PolicyArn=self.arn)
        try:
            yield
        finally:
            if not self.arn:
                self._put(self.document)
            else:
                self.iam.attach_role_policy(RoleName=self.role, PolicyArn=self.arn)
                if left["Statement"]:
                    self.iam.delete_role_policy(RoleName=self.role, PolicyName=self.name)

    def _put(self, document: dict[str, Any]) -> None:
        self.iam.put_role_policy(RoleName=self.role, PolicyName=self.name, PolicyDocument=json.dumps(document))


def _document(iam: Any, arn: str) -> dict[str, Any]:  # noqa: ANN401 - boto3's client
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document: dict[str, Any] = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return document
