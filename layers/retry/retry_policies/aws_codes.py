"""AWS error codes by kind, as far as the status does not say it.

botocore's standard mode does not retry those marked +. test_aws_codes.py compares its lists with these.
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
TRANSIENT_ONCE = frozenset(
    {
        "AuthFailure",  # EC2
        "BadDigest",  # S3: the body was changed on its way
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidSecurity.RequestHasExpired",  # EC2
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",  # S3
        "XAmzContentSHA256Mismatch",  # S3, like BadDigest
    }
)
"""+ A second attempt has a new signature, with fresh credentials and the present time: the first may have been signed
before Lambda froze the environment. A third cannot help."""
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
        "SubnetIPAddressLimitReachedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)
"""With any status: Lambda answers 502 for a faulty configuration of the called function."""
PERMANENT_NAMES = re.compile(
    r"(AccessDenied|Validation|InvalidParameter).*|.*NotFound.*"
    r"|(?i:KMS)\.?(AccessDenied|Disabled|InvalidState|OptInRequired).*"
)
"""The same by pattern: each service has its own spelling."""

DEFERRED = frozenset({"OverLimit"})
"""+ SQS has 120,000 messages in flight: consumers must delete some first, which takes longer than a pause."""

THROTTLED_BY_SERVICE = {"kinesis": frozenset({"LimitExceededException"})}
"""In other services LimitExceededException is a quota of resources: waiting does not help. botocore retries it."""
TRANSIENT_BY_SERVICE = {"lambda": frozenset({"ResourceConflictException"})}
"""+ The function is being updated. In other services the conflict is permanent."""


def is_permanent(code: str) -> bool:
    return code in PERMANENT or PERMANENT_NAMES.fullmatch(code) is not None
