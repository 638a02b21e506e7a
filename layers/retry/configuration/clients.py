"""botocore's clients with short timeouts and one attempt per call: the policy retries.

They are the clients that boto3 returns. A cold start imports botocore faster, without boto3's resources and s3transfer.
"""

from functools import cache
from typing import Any

from botocore.session import Session, get_session

from retry_policies.aws import aws_config


def aws_timeout(reserve: float) -> float:
    """Return the seconds to connect, and to read: together less than half of the reserve."""
    return reserve * 0.2


def client(service: str, timeout: float) -> Any:  # noqa: ANN401 - each service has its own type
    """Return a client with `timeout` seconds to connect, and as many to read."""
    make: Any = _session().create_client
    return make(service, config=aws_config(connect_timeout=timeout, read_timeout=timeout))


@cache
def _session() -> Session:
    """Return the session of the process, which reads credentials and endpoints once."""
    return get_session()
