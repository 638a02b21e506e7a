"""tenacity: four attempts, random pauses in a window that doubles, and a log line for each retry."""

import logging

import step_1_post
import tenacity
from stub_server import status_of, try_all


def log_retry(state: tenacity.RetryCallState) -> None:
    status = status_of(state.outcome.exception())
    logging.warning("attempt %d failed: %s; next in %.1f s", state.attempt_number, status, state.upcoming_sleep)


@tenacity.retry(
    stop=tenacity.stop_after_attempt(4),
    wait=tenacity.wait_random_exponential(multiplier=0.5, max=4),
    before_sleep=log_retry,
    reraise=True,
)
def post(url: str, text: str) -> None:
    step_1_post.post(url, text)


if __name__ == "__main__":
    try_all(post)
