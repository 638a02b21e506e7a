"""Policies to start from; change what differs with `.with_()`."""

from retry_policies.aws import classify_aws
from retry_policies.policy import RetryPolicy
from retry_policies.slack import classify_slack_webhook

SLACK_WEBHOOK = RetryPolicy(
    name="slack_webhook", classifier=classify_slack_webhook, repeatable=True, repeat_unanswered=False
)
"""An answered failure is repeated: SQS would only do it later. A post without an answer goes back to the queue."""

AWS_READ = RetryPolicy(name="aws_read", classifier=classify_aws, repeatable=True, initial_backoff=0.05)
"""A read may be repeated whatever became of it. 50 ms is botocore's own first step."""

AWS_WRITE = RetryPolicy(name="aws_write", classifier=classify_aws, initial_backoff=0.05)
"""What may have taken effect is not repeated: SNS Publish, SQS SendMessage, Invoke. Where AWS recognises a second one
(a deduplication id, a name, a condition) say `.with_(repeatable=True)`."""
