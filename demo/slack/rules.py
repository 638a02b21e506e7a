"""Slack's own rules in the stand-in: who may post, how often, and what."""

from collections.abc import Callable

from demo.slack.answer import Answer
from demo.slack.conversations import ChannelMessage
from demo.slack.limits import Posting
from demo.slack.rate import TokenBucket
from demo.slack.workspace import Destination

MOST_EDITS = 50
"""Calls of chat.update at once that Slack takes of one app in one workspace; then one a second."""


class Rules:
    """The rate limits, and the answer to each request that no fault decides."""

    def __init__(self, burst: int, clock: Callable[[], float]) -> None:
        self._burst, self._clock = burst, clock
        self._buckets: dict[str, TokenBucket] = {}

    def reset(self) -> None:
        """Forget the requests so far."""
        self._buckets.clear()

    def judge(self, destination: Destination, posting: Posting) -> Answer:
        """Return the answer to a new message."""
        return self._judge(destination.error, destination.name, self._burst, posting)

    def judge_edit(self, destination: Destination, posting: Posting, message: ChannelMessage | None) -> Answer:
        """Return the answer to an edit of a message, None if there is no such message."""
        error = destination.error or ("" if message else "message_not_found")
        return self._judge(error, "chat.update", MOST_EDITS, posting)

    def _judge(self, error: str, limited: str, burst: int, posting: Posting) -> Answer:
        if error:
            return Answer(404, error)
        bucket = self._buckets.setdefault(limited, TokenBucket(burst, self._clock()))
        if wait := bucket.take(self._clock()):
            return Answer(429, "rate_limited", retry_after=wait)
        return Answer(400, posting.error) if posting.error else Answer()
