"""The allowed IAM actions, and the IAM action that an operation needs.

The same list is in the role's policy: IAM denies an operation whose action is derived wrongly here.
"""

import re
from dataclasses import dataclass
from typing import Self

ACTION = re.compile(r"[a-z0-9-]{1,64}:[A-Za-z0-9]{1,128}")
TAKES_ROLE = re.compile(r"iam:passrole|sts:assume.*", re.IGNORECASE)
"""Passing or assuming a role gives its rights, which no allow-list would bound."""
PREFIXES = {
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "iot-data": "iot",
    "mwaa": "airflow",
    "neptune": "rds",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "stepfunctions": "states",
}
"""IAM prefixes of services that have another name in boto3. A service missing here is denied by IAM."""
ACTIONS = {
    ("lambda", "Invoke"): "lambda:InvokeFunction",
    ("s3", "DeleteObjects"): "s3:DeleteObject",
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
    ("s3", "ListObjects"): "s3:ListBucket",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("sns", "PublishBatch"): "sns:Publish",
    ("sqs", "ChangeMessageVisibilityBatch"): "sqs:ChangeMessageVisibility",
    ("sqs", "DeleteMessageBatch"): "sqs:DeleteMessage",
    ("sqs", "SendMessageBatch"): "sqs:SendMessage",
}
"""Actions with another name than their operation."""
NEVER_ALLOWED = frozenset(
    {
        "dynamodb:batchexecutestatement",
        "dynamodb:executestatement",
        "dynamodb:executetransaction",
        "dynamodb:transactgetitems",
        "dynamodb:transactwriteitems",
        "kms:reencrypt",
        "lambda:invokewithresponsestream",
        "machinelearning:predict",
        "s3:completemultipartupload",
        "s3:copyobject",
        "s3:createmultipartupload",
        "s3:createsession",
        "s3:uploadpart",
        "s3:uploadpartcopy",
        "ssm:getparametersbypath",
    }
)
"""In lower case. For these operations IAM checks two actions, the action of another operation, or one that depends on
the parameters. The parameters of Predict choose the host that gets the signed request. For GetParametersByPath, IAM
checks the path only, but the answer has all parameters below it, with the secrets of destinations."""


def iam_action(service: str, operation: str) -> str:
    """Return the action that IAM checks for an operation.

    This needs no botocore model: a model takes memory and time, and a message must not choose which one is loaded.
    """
    return ACTIONS.get((service, operation), f"{PREFIXES.get(service, service)}:{operation}")


@dataclass(frozen=True, slots=True)
class AllowList:
    """IAM actions in lower case: IAM ignores the case."""

    actions: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the list; an empty text allows nothing. Raises ValueError, which names the rule."""
        actions = [part.strip() for part in text.split(",")] if text.strip() else []
        for action in actions:
            if not ACTION.fullmatch(action):
                raise ValueError("must be IAM actions between commas, like ecs:UpdateService, without wildcards")
            if TAKES_ROLE.fullmatch(action):
                raise ValueError("must not have iam:PassRole or sts:Assume…")
        return cls(frozenset(action.lower() for action in actions))

    def allows(self, action: str) -> bool:
        return action.lower() in self.actions - NEVER_ALLOWED
