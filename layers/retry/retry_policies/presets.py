"""Predefined policies; change their fields with `.with_()`."""

from retry_policies.aws import classify_aws
from retry_policies.policy import RetryPolicy
from retry_policies.slack import classify_slack_webhook

SLACK_WEBHOOK = RetryPolicy(
    name="slack_webhook", classifier=classify_slack_webhook, repeatable=True, repeat_unanswered=False
)
"""A post without an answer is not repeated here: SQS redelivers the message later."""

AWS_READ = RetryPolicy(name="aws_read", classifier=classify_aws, repeatable=True, initial_backoff=0.05)
"""50 ms is botocore's initial backoff."""

AWS_WRITE = RetryPolicy(name="aws_write", classifier=classify_aws, initial_backoff=0.05)
"""For calls that must not take effect twice, like SNS Publish, SQS SendMessage, Invoke. If AWS recognises a repetition
(a deduplication id, a name, a condition), use `.with_(repeatable=True)`."""
