"""Answers of Slack to a request."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Behaviour:
    """An answer or none, and whether the message is in the channel."""

    status: int | None = 200
    """None if there is no answer."""
    body: bytes = b"ok"
    retry_after: float | None = None
    posts: bool = False
    seconds: float = 0.0
    """From the arrival of the request to the answer, which is lost after the timeout."""
    connects: bool = True
    is_untrusted: bool = False
    """Whether the certificate is not trusted; nothing is sent then."""
    names_place: bool = True
    """Whether the answer to a bot token names the place of the message."""


OK = Behaviour(posts=True)
NO_PLACE = Behaviour(posts=True, names_place=False)
UNAVAILABLE = Behaviour(503, b"")
NOT_CONNECTED = Behaviour(None, connects=False)
UNTRUSTED = Behaviour(None, connects=False, is_untrusted=True)
NO_HANDSHAKE = Behaviour(None, connects=False, seconds=2.0)
UNEXPECTED = Behaviour(200, b"<html>")
REFUSED_MESSAGE = Behaviour(400, b"invalid_blocks")
REFUSED_DESTINATION = Behaviour(410, b"channel_is_archived")
REVOKED = Behaviour(404, b"no_service")


def throttled(retry_after: float | None = None) -> Behaviour:
    """Return a 429, with or without Retry-After."""
    return Behaviour(429, b"rate_limited", retry_after)


def broken(*, posts: bool) -> Behaviour:
    """Return a 500 whose message is or is not in the channel."""
    return Behaviour(500, b"", posts=posts)


def unanswered(*, posts: bool) -> Behaviour:
    """Return a behaviour in which Slack reads the request and never answers."""
    return Behaviour(None, posts=posts, seconds=math.inf)
