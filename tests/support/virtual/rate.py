"""Slack's rate limit of a webhook."""

from dataclasses import dataclass, field


@dataclass
class TokenBucket:
    per_second: float
    burst: int
    _tokens: float = field(init=False)
    _at: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = float(self.burst)

    def take(self, now: float) -> float:
        """Take a token; return 0, or the seconds until the next token if there is none."""
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.per_second)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self.per_second
        self._tokens -= 1
        return 0.0
