"""AWS error codes whose meaning depends on the service. botocore's standard mode does not retry those marked +."""

from dataclasses import dataclass

from retry_policies.aws_codes import DEFERRED, THROTTLED, TRANSIENT
from retry_policies.passing_codes import PASSING_BY_SERVICE

THROTTLED_BY_SERVICE = {
    **dict.fromkeys(
        [
            *("apigateway", "apigatewaymanagementapi", "appsync", "ce", "forecastquery", "kinesis", "lex-models"),
            *("lex-runtime", "personalize", "transcribe"),
        ],
        frozenset({"LimitExceededException"}),
    ),
    "appstream": frozenset({"RequestLimitExceededException"}),
    "support": frozenset({"AttachmentLimitExceeded", "DescribeAttachmentLimitExceeded"}),
}
"""Codes of a limit on the request rate. In other services LimitExceededException means another limit: a quota of
resources, for which waiting does not help, or a limit on running operations, which passing_codes has. botocore retries
the code for every service."""
TRANSIENT_BY_SERVICE = {"lambda": frozenset({"ResourceConflictException"})}
"""+ The function is being updated. In other services the conflict is permanent."""


@dataclass(frozen=True, slots=True)
class ServiceCodes:
    """The codes of one service: its own, and those that mean the same in every service."""

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
