"""botocore's clients with short timeouts and one attempt per call: the policy retries.

They are the clients that boto3 returns. A cold start imports botocore faster, without boto3's resources and s3transfer.
"""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

from botocore.parsers import ResponseParserError
from botocore.session import Session, get_session

from configuration.service_models import FolderLoader
from retry_policies.aws import aws_config

LOCK = Lock()
"""botocore's session is not safe in threads; its clients are."""


def aws_timeout(reserve: float) -> float:
    """Return the seconds to connect, and to read: together less than half of the reserve."""
    return reserve * 0.2


def client(service: str, timeout: float) -> Any:  # noqa: ANN401 - each service has its own type
    """Return a client with `timeout` seconds to connect, and as many to read."""
    make: Any = _session().create_client
    with LOCK:
        made = make(service, config=aws_config(connect_timeout=timeout, read_timeout=timeout))
    made.meta.events.register("after-call", refuse_foreign_answer, unique_id="foreign-answer")
    return made


def refuse_foreign_answer(parsed: Mapping[str, Any], **_: object) -> None:
    """Raise ResponseParserError for an answer that is not AWS's, because it has no request id.

    For JSON services such as SQS and DynamoDB, botocore accepts any page with status 200 as an empty answer.
    """
    if "Error" not in parsed and not parsed["ResponseMetadata"].get("RequestId"):
        raise ResponseParserError("the answer has no request id")


@cache
def _session() -> Session:
    """Return the session of the process, which reads credentials and endpoints once."""
    session = get_session()
    session.register_component("data_loader", FolderLoader())
    return session
