"""Notifiers as people write them, in the simulator: SNS invokes a function for each alert, and it posts the alert.

Each takes `post`, which raises unless Slack accepts the alert, and `sleep`. The function fails if it raises.
"""

from collections.abc import Callable

from tenacity import RetryCallState, Retrying, stop_after_attempt, wait_exponential

from slack_alerts.models import SlackRefused

type Post = Callable[[], None]
type Sleep = Callable[[float], None]
type Notifier = Callable[[Post, Sleep], None]

ATTEMPTS = 4
BACKOFF = wait_exponential(multiplier=1, max=10)


def swallow(post: Post, _sleep: Sleep) -> None:
    """Log the error and return."""
    try:  # noqa: SIM105 - as people write it
        post()
    except Exception:  # noqa: BLE001, S110 - as people write it
        pass


def fail(post: Post, _sleep: Sleep) -> None:
    """Leave the repetition to Lambda."""
    post()


def fixed_loop(post: Post, sleep: Sleep) -> None:
    """Try four times, a second apart."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            post()
        except Exception:
            if attempt == ATTEMPTS:
                raise
            sleep(1.0)
        else:
            return


def tenacity_basic(post: Post, sleep: Sleep) -> None:
    """Try four times, with exponential backoff."""
    Retrying(stop=stop_after_attempt(ATTEMPTS), wait=BACKOFF, sleep=sleep, reraise=True)(post)


def tenacity_retry_after(post: Post, sleep: Sleep) -> None:
    """Try four times, after Slack's Retry-After or else with exponential backoff."""
    Retrying(stop=stop_after_attempt(ATTEMPTS), wait=_retry_after, sleep=sleep, reraise=True)(post)


def _retry_after(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.classification.retry_after if isinstance(error, SlackRefused) else None
    return BACKOFF(state) if asked is None else asked


NOTIFIERS: dict[str, Notifier] = {
    "a loop of four attempts": fixed_loop,
    "tenacity": tenacity_basic,
    "tenacity with Retry-After": tenacity_retry_after,
    "fail, Lambda tries twice more": fail,
    "log and go on": swallow,
}
