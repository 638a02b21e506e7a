"""boto3 clients with short timeouts and one attempt per call: the policy retries."""

from typing import Any

import boto3

from retry_policies.aws import aws_config


def aws_timeout(reserve: float) -> float:
    """Return the seconds to connect, and to read: together less than half of the reserve."""
    return reserve * 0.2


def client(service: str, timeout: float) -> Any:  # noqa: ANN401 - each service has its own type
    """Return a client with `timeout` seconds to connect, and as many to read."""
    make: Any = boto3.client
    return make(service, config=aws_config(connect_timeout=timeout, read_timeout=timeout))
