"""SSM, SQS and SNS in this process: moto behind boto3, and no further.

moto's own `mock_aws` also holds every post of ours against a thousand patterns, and lets it pass.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3
from moto.core.base_backend import BackendDict
from moto.core.models import botocore_stubber

REGION = "eu-west-1"
ENVIRONMENT = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
CLIENTS: dict[str, Any] = {}
"""Making one takes long; what a test leaves behind is in moto, not in them."""
make_client: Any = boto3.client


@contextmanager
def aws_in_process() -> Iterator[None]:
    """Empty at first, whoever used it before."""
    with patch.dict(os.environ, ENVIRONMENT), patch("boto3.client", client):
        os.environ.pop("AWS_ENDPOINT_URL", None)
        BackendDict.reset()
        botocore_stubber.enabled = True
        try:
            yield
        finally:
            botocore_stubber.enabled = False


def client(service: str, config: Any = None) -> Any:  # noqa: ANN401 - each service has its own type
    key = f"{service} {vars(config) if config else None}"
    if key not in CLIENTS:
        CLIENTS[key] = make_client(service, config=config)
    return CLIENTS[key]
