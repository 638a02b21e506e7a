"""AWS error codes by kind, as far as the status does not say it.

botocore's standard mode does not retry those marked +. test_aws_codes.py compares its lists with these.
"""

import re
from dataclasses import dataclass

from retry_policies.passing_codes import PASSING_BY_SERVICE

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
"""+ SQS has 120,000 messages in flight: consumers must delete some first, which takes longer than a pause. Those that
depend on the service are in passing_codes."""

THROTTLED_BY_SERVICE = {
    "apigateway": frozenset({"LimitExceededException"}),
    "apigatewaymanagementapi": frozenset({"LimitExceededException"}),
    "appstream": frozenset({"RequestLimitExceededException"}),
    "appsync": frozenset({"LimitExceededException"}),
    "ce": frozenset({"LimitExceededException"}),
    "forecastquery": frozenset({"LimitExceededException"}),
    "kinesis": frozenset({"LimitExceededException"}),
    "lex-models": frozenset({"LimitExceededException"}),
    "lex-runtime": frozenset({"LimitExceededException"}),
    "personalize": frozenset({"LimitExceededException"}),
    "support": frozenset({"AttachmentLimitExceeded", "DescribeAttachmentLimitExceeded"}),
    "transcribe": frozenset({"LimitExceededException"}),
}
"""Limits of requests in a time. In other services LimitExceededException is a quota of resources, for which waiting
does not help, or of operations that run, which is in passing_codes. botocore retries it anywhere."""
TRANSIENT_BY_SERVICE = {"lambda": frozenset({"ResourceConflictException"})}
"""+ The function is being updated. In other services the conflict is permanent."""


@dataclass(frozen=True, slots=True)
class ServiceCodes:
    """The codes of one service whose meaning depends on the service, with those that have it everywhere."""

    deferred: frozenset[str]
    throttled: frozenset[str]
    transient: frozenset[str]


def codes_of(service: str) -> ServiceCodes:
    """Return the codes of a service by the name of its boto3 client."""
    none: frozenset[str] = frozenset()
    return ServiceCodes(
        deferred=DEFERRED | PASSING_BY_SERVICE.get(service, none),
        throttled=THROTTLED | THROTTLED_BY_SERVICE.get(service, none),
        transient=TRANSIENT | TRANSIENT_BY_SERVICE.get(service, none),
    )


def is_permanent(code: str) -> bool:
    return code in PERMANENT or PERMANENT_NAMES.fullmatch(code) is not None
