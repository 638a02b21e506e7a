import pytest

from retry_policies.aws_codes import DEFERRED, THROTTLED, TRANSIENT
from retry_policies.service_codes import codes_of


def test_without_a_service_only_the_codes_of_all_services_are_known() -> None:
    codes = codes_of("")
    assert (codes.deferred, codes.throttled, codes.transient) == (DEFERRED, THROTTLED, TRANSIENT)


@pytest.mark.parametrize(
    ("service", "kind", "code"),
    [
        ("stepfunctions", "deferred", "ExecutionLimitExceeded"),
        ("kinesis", "throttled", "LimitExceededException"),
        ("lambda", "transient", "ResourceConflictException"),
    ],
)
def test_a_service_adds_its_own_codes(service: str, kind: str, code: str) -> None:
    assert code in getattr(codes_of(service), kind)
    assert code not in getattr(codes_of("sns"), kind)
