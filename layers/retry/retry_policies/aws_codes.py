"""AWS error codes that deserve another attempt, or do not although their status says so.

Plain sets: botocore's standard mode retries most of the first two, and misses those marked +. A test holds botocore's
own lists against these, so that a new release's code fails the build.
"""

import re

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "KMS.ThrottlingException",  # + SQS, by its query name
        "KMSThrottling",  # + SNS
        "KMSThrottlingException",  # + Kinesis
        "KmsThrottled",  # + SQS
        "KmsThrottlingException",  # + Step Functions
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",  # + SNS, where it is modeled: SetSMSAttributes, calls on phone numbers
        "ThrottledException",
        "ThrottledRequestException",  # +
        "Throttling",
        "ThrottlingException",
        "TooManyRequestException",  # +
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
TRANSIENT = frozenset(
    {
        "ConcurrentModificationException",  # + EventBridge and others: another change was under way
        "ConditionalRequestConflict",  # + S3
        "ENINotReadyException",  # Lambda, 502
        "IDPCommunicationError",  # STS
        "OperationAborted",  # + S3
        "ReplicatedWriteConflictException",  # DynamoDB global tables
        "RequestTimeout",
        "RequestTimeoutException",
        "ResourceNotReadyException",  # Lambda, 502
        "ServiceUnavailable",
        "RetryableConflictException",  # Bedrock and others
        "SnapStartNotReadyException",  # + Lambda
        "TooManyUpdates",  # + SSM PutParameter
        "TransactionConflictException",  # + DynamoDB
    }
)
TRANSIENT_ONCE = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed"})
"""+ A second attempt signs anew: fresh credentials, corrected clock. If that does not help, nothing will."""
PERMANENT = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "AuthorizationError",
        "ConditionalCheckFailedException",
        "DecryptionFailure",
        "EC2AccessDeniedException",
        "ENILimitReachedException",
        "EndpointDisabled",
        "ExecutionAlreadyExists",
        "InvalidClientTokenId",
        "InvalidRuntimeException",
        "InvalidSecurityGroupIDException",
        "InvalidSubnetIDException",
        "InvalidZipFileException",
        "LimitExceededException",
        "MessageNotInflight",
        "QueueDoesNotExist",
        "ReceiptHandleIsInvalid",
        "ServiceQuotaExceededException",
        "SignatureDoesNotMatch",
        "SubnetIPAddressLimitReachedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)
"""Whatever their status: Lambda answers what is wrong with a function's own configuration with 502."""
PERMANENT_NAMES = re.compile(
    r"(AccessDenied|Validation|InvalidParameter).*|.*NotFound.*"
    r"|(?i:KMS)\.?(AccessDenied|Disabled|InvalidState|OptInRequired).*"
)
"""The same by their pattern: each service spells them its own way."""

DEFERRED = frozenset({"OverLimit"})
"""+ SQS has 120,000 messages in flight: only consumers that finish can help, which takes longer than a pause."""

THROTTLED_BY_SERVICE = {"kinesis": frozenset({"LimitExceededException"})}
"""Elsewhere LimitExceededException is a quota of resources, which no waiting changes; botocore retries it."""
TRANSIENT_BY_SERVICE = {"lambda": frozenset({"ResourceConflictException"})}
"""+ A function that is just being updated; elsewhere the name is a conflict that stays."""


def is_permanent(code: str) -> bool:
    """Whether this code says that no attempt can help."""
    return code in PERMANENT or PERMANENT_NAMES.fullmatch(code) is not None
