"""The IAM actions that may be called, and the IAM action that an operation needs.

The same list writes the role's policy: what is derived wrongly here is denied there.
"""

import re
from dataclasses import dataclass
from typing import Self

ACTION = re.compile(r"[a-z0-9-]{1,64}:[A-Za-z0-9]{1,128}")
NEVER = re.compile(r"iam:passrole|sts:assume.*", re.IGNORECASE)
"""Whoever passes or takes a role acts with its rights: no allow-list would bound that."""
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
"""Of services whose prefix in IAM is not boto3's name for them. Of no other is an action known: it is on no list."""
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
"""Of operations whose action has another name."""
CLOSED = frozenset(
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
"""On no list, in lower case. IAM judges these by two actions, another's, or one that the parameters choose: not by the
entry that would be meant. Of Predict the parameters choose the host that the signed request goes to. IAM
judges GetParametersByPath by the path that is asked for; the answer is all below it, secrets of destinations too."""


def iam_action(service: str, operation: str) -> str:
    """The action that IAM checks for an operation; one that IAM does not have can be on no list that works.

    Told without botocore's model, which takes memory and time: whoever may publish must not choose what is loaded.
    """
    return ACTIONS.get((service, operation), f"{PREFIXES.get(service, service)}:{operation}")


@dataclass(frozen=True, slots=True)
class AllowList:
    """IAM actions in lower case: IAM does not tell cases apart."""

    actions: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Actions between commas, none for an empty text; raises ValueError that names the rule."""
        actions = [part.strip() for part in text.split(",")] if text.strip() else []
        for action in actions:
            if not ACTION.fullmatch(action):
                raise ValueError("must be IAM actions between commas, like ecs:UpdateService, without wildcards")
            if NEVER.fullmatch(action):
                raise ValueError("must not have iam:PassRole or sts:Assume…")
        return cls(frozenset(action.lower() for action in actions))

    def allows(self, action: str) -> bool:
        return action.lower() in self.actions - CLOSED
