"""The same for boto3, whose own retries are off: they would multiply these."""

import boto3
import tenacity
from botocore.config import Config
from botocore.exceptions import ClientError
from step_3_tenacity import log_retry
from stub_server import status_of, try_all

ONE_ATTEMPT = Config(retries={"total_max_attempts": 1, "mode": "standard"}, connect_timeout=1, read_timeout=2)
SESSION = boto3.Session("key", "secret", region_name="eu-west-1")
JITTER = tenacity.wait_random_exponential(multiplier=0.5, max=4)


def is_transient(error: BaseException) -> bool:
    return isinstance(error, ClientError) and (status_of(error) == 429 or status_of(error) >= 500)


def pause(state: tenacity.RetryCallState) -> float:
    headers = state.outcome.exception().response["ResponseMetadata"]["HTTPHeaders"]
    return int(headers.get("retry-after", "0")) + JITTER(state)


@tenacity.retry(
    retry=tenacity.retry_if_exception(is_transient),
    stop=tenacity.stop_after_attempt(4),
    wait=pause,
    before_sleep=log_retry,
    reraise=True,
)
def read(url: str, name: str) -> str:
    ssm = SESSION.client("ssm", endpoint_url=url, config=ONE_ATTEMPT)
    return ssm.get_parameter(Name=name)["Parameter"]["Value"]


if __name__ == "__main__":
    try_all(read)
