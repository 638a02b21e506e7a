"""boto3 clients for one endpoint, with their types."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config

from holdfast_cli.failures import CommandFailed
from holdfast_cli.loopback import is_loopback

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

REGION = "eu-west-1"  # as samconfig.toml has it for the local environment
KEY = "test"  # the local AWS treats this key as the root of the account
_CONFIG = Config(connect_timeout=3, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 2})


class Clients:
    """Clients of one local AWS, independent of the environment."""

    def __init__(self, endpoint: str) -> None:
        refuse_unless_loopback(endpoint)
        self.endpoint = endpoint
        self._session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION)
        self._make = cache(self._make_client)

    @overload
    def client(self, service: Literal["cloudformation"]) -> "CloudFormationClient": ...
    @overload
    def client(self, service: Literal["cloudwatch"]) -> "CloudWatchClient": ...
    @overload
    def client(self, service: Literal["sns"]) -> "SNSClient": ...
    @overload
    def client(self, service: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def client(self, service: Literal["ssm"]) -> "SSMClient": ...
    @overload
    def client(self, service: Literal["sts"]) -> "STSClient": ...
    @overload
    def client(self, service: str) -> Any: ...  # noqa: ANN401 - no types are installed for the rest
    def client(self, service: str) -> Any:
        """Return the client of a service; it is created once."""
        return self._make(service)

    def _make_client(self, service: str) -> object:
        # boto3 has no overload for a service name in a variable.
        make: Any = self._session.client
        return make(service, endpoint_url=self.endpoint, config=_CONFIG)


def local_environment(environ: Mapping[str, str], endpoint: str) -> dict[str, str]:
    """Return an environment for a tool that may reach the local AWS only: without profiles and credentials."""
    refuse_unless_loopback(endpoint)
    others = {name: value for name, value in environ.items() if not name.startswith(("AWS_", "SAM_CLI_"))}
    return others | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def refuse_unless_loopback(endpoint: str) -> None:
    """Raise CommandFailed if the endpoint is not on this machine."""
    if not is_loopback(endpoint):
        raise CommandFailed(
            f"{endpoint or 'the real AWS'} is not on this machine", "give the address that `make demo KEEP=1` prints"
        )
