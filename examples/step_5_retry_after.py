"""Retry-After is the least pause; the random part comes on top."""

import step_1_post
import tenacity
from step_3_tenacity import log_retry
from step_4_statuses import is_transient
from stub_server import try_all

JITTER = tenacity.wait_random_exponential(multiplier=0.5, max=4)


def pause(state: tenacity.RetryCallState) -> float:
    response = getattr(state.outcome.exception(), "response", None)
    retry_after = response.headers.get("Retry-After", "0") if response is not None else "0"
    return int(retry_after) + JITTER(state)


@tenacity.retry(
    retry=tenacity.retry_if_exception(is_transient),
    stop=tenacity.stop_after_attempt(4),
    wait=pause,
    before_sleep=log_retry,
    reraise=True,
)
def post(url: str, text: str) -> None:
    step_1_post.post(url, text)


if __name__ == "__main__":
    try_all(post)
