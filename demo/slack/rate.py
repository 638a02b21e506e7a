"""Slack's rate limit: one message a second per channel, with short bursts."""

import math
from dataclasses import dataclass


@dataclass
class TokenBucket:
    """A bucket of `burst` tokens, refilled by one a second; each message takes one."""

    burst: int
    at: float
    tokens: float = -1.0

    def __post_init__(self) -> None:
        self.tokens = float(self.burst)

    def take(self, now: float) -> int:
        """Take a token and return 0, or return the whole seconds until there is one."""
        self.tokens = min(float(self.burst), self.tokens + (now - self.at))
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return max(1, math.ceil(1 - self.tokens))
