"""Only 429, 5xx and errors of the network are tried again."""

import requests
import step_1_post
import tenacity
from step_3_tenacity import log_retry
from stub_server import status_of, try_all


def is_transient(error: BaseException) -> bool:
    status = status_of(error)
    if status is None:
        return isinstance(error, requests.ConnectionError | requests.Timeout)
    return status == 429 or status >= 500


@tenacity.retry(
    retry=tenacity.retry_if_exception(is_transient),
    stop=tenacity.stop_after_attempt(4),
    wait=tenacity.wait_random_exponential(multiplier=0.5, max=4),
    before_sleep=log_retry,
    reraise=True,
)
def post(url: str, text: str) -> None:
    step_1_post.post(url, text)


if __name__ == "__main__":
    try_all(post)
