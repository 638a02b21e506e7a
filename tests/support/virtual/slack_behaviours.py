"""What Slack may do with a request."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Behaviour:
    """An answer, or none, and whether the message now stands in the channel."""

    status: int | None = 200
    """None: no answer comes."""
    body: bytes = b"ok"
    retry_after: float | None = None
    posts: bool = False
    seconds: float = 0.0
    """From the request's arrival to the answer; where that is past the timeout there is none."""
    connects: bool = True
    is_untrusted: bool = False
    """The certificate is not trusted; nothing is sent."""


OK = Behaviour(posts=True)
UNAVAILABLE = Behaviour(503, b"")
NOT_CONNECTED = Behaviour(None, connects=False)
UNTRUSTED = Behaviour(None, connects=False, is_untrusted=True)
NO_HANDSHAKE = Behaviour(None, connects=False, seconds=2.0)
UNEXPECTED = Behaviour(200, b"<html>")
REFUSED_MESSAGE = Behaviour(400, b"invalid_blocks")
REFUSED_DESTINATION = Behaviour(410, b"channel_is_archived")
REVOKED = Behaviour(404, b"no_service")


def throttled(retry_after: float | None = None) -> Behaviour:
    """Too many; with or without a word on when to come back."""
    return Behaviour(429, b"rate_limited", retry_after)


def broken(*, posts: bool) -> Behaviour:
    """A 500, that had posted or had not."""
    return Behaviour(500, b"", posts=posts)


def unanswered(*, posts: bool) -> Behaviour:
    """The request is read, and no answer ever comes."""
    return Behaviour(None, posts=posts, seconds=math.inf)
