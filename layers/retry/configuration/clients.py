"""boto3 clients whose every call ends in time: one attempt, because the policy repeats."""

from typing import Any

import boto3

from retry_policies.aws import aws_config


def aws_timeout(reserve: float) -> float:
    """Return the seconds to connect, and to read: both together take less than half of the reserve."""
    return reserve * 0.2


def client(service: str, timeout: float) -> Any:  # noqa: ANN401 - each service has its own type
    """`timeout` seconds to connect, and as many to read."""
    make: Any = boto3.client
    return make(service, config=aws_config(connect_timeout=timeout, read_timeout=timeout))
