"""The reasons that an alert has no picture."""

from enum import Enum


class Reason(Enum):
    """The dimension of the metric PicturesNotPosted."""

    NO_TIME = "no_time"
    """The batch left no time, or had more alarms than one batch draws."""
    THROTTLED = "throttled"
    """CloudWatch or Slack asked us to slow down."""
    ELSEWHERE = "elsewhere"
    """The metric is in another account or Region, or its expression may read another source."""
    NOT_DRAWN = "not_drawn"
    """CloudWatch refused or did not answer."""
    WRONG_PICTURE = "wrong_picture"
    """The answer of CloudWatch is no PNG of the size that was asked for."""
    NOT_UPLOADED = "not_uploaded"
    """Slack refused or did not answer."""
    UNEXPECTED = "unexpected"
    """A fault of our own."""


class NoPicture(Exception):
    """An alert stays without a picture; the message is a code and holds no URL."""

    def __init__(self, reason: Reason, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code
        self.retry_after = retry_after or 0.0
