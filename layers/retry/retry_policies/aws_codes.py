"""AWS error codes that deserve another attempt, or do not although their status says so.

Plain sets: botocore's standard mode retries most of the first two, and misses those marked +. A test holds botocore's
own lists against these, so that a new release's code fails the build.
"""

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
        "EC2AccessDeniedException",
        "ENILimitReachedException",
        "InvalidRuntimeException",
        "InvalidSecurityGroupIDException",
        "InvalidSubnetIDException",
        "InvalidZipFileException",
        "KMSAccessDeniedException",
        "KMSDisabledException",
        "KMSInvalidStateException",
        "KMSNotFoundException",
        "SubnetIPAddressLimitReachedException",
    }
)
"""Lambda answers these with 502, which botocore retries: they are a function's own configuration."""

DEFERRED = frozenset({"OverLimit"})
"""+ SQS has 120,000 messages in flight: only consumers that finish can help, which takes longer than a pause."""

THROTTLED_BY_SERVICE = {"kinesis": frozenset({"LimitExceededException"})}
"""Elsewhere LimitExceededException is a quota of resources, which no waiting changes; botocore retries it."""
TRANSIENT_BY_SERVICE = {"lambda": frozenset({"ResourceConflictException"})}
"""+ A function that is just being updated; elsewhere the name is a conflict that stays."""
