"""AWS error codes whose HTTP status does not show their kind.

botocore's standard mode does not retry those marked +. test_aws_codes.py compares its lists with these.
"""

import re

THROTTLED = frozenset(
    {
        "APICallRateForCustomerExceeded",  # + ElastiCache
        "APICallRateForCustomerExceededFault",  # + MemoryDB
        "BandwidthLimitExceeded",
        "ClientLimitExceededException",  # + Kinesis Video Streams
        "ConcurrentLimitExceededException",  # + EBS: too many requests at the same time
        "ConnectionLimitExceededException",  # + Kinesis Video Streams
        "DependencyThrottle",  # + Elastic Load Balancing
        "DependentServiceRequestThrottlingFault",  # + Redshift
        "EC2ThrottledException",
        "KMS.ThrottlingException",  # + SQS, by its query name
        "KMSThrottling",  # + SNS
        "KMSThrottlingException",  # + Kinesis
        "KMSThrottlingFault",  # + Database Migration Service
        "KmsThrottled",  # + SQS
        "KmsThrottlingException",  # + Step Functions
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RateLimitExceededException",  # + License Manager
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "SlowDownException",  # + IAM Identity Center
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
        "ConcurrentModification",  # + Route 53: another change was under way
        "ConcurrentModificationException",  # + EventBridge and others
        "ConcurrentUpdateException",  # + Application Auto Scaling
        "ConditionalRequestConflict",  # + S3
        "ENINotReadyException",  # Lambda, 502
        "IDPCommunicationError",  # STS
        "OperationAborted",  # + S3
        "OperationAbortedException",  # + CloudWatch Logs
        "ReplicatedWriteConflictException",  # DynamoDB global tables
        "RequestTimeout",
        "RequestTimeoutException",
        "ResourceNotReadyException",  # Lambda, 502
        "RetryableConflictException",  # Bedrock and others
        "ServiceTemporarilyUnavailableException",  # + Inspector
        "ServiceUnavailable",
        "ServiceUnavailableError",  # + Storage Gateway
        "ServiceUnavailableException",  # + Firehose and others, with 500 too
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
"""+ SQS has 120,000 messages in flight: consumers must delete some first, which takes longer than a pause. Deferred
codes of a single service are in passing_codes."""


def is_permanent(code: str) -> bool:
    return code in PERMANENT or PERMANENT_NAMES.fullmatch(code) is not None
