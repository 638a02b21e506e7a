"""Lambda's context with a fixed time left and a fixed id."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FixedContext:
    seconds: float = 60.0
    aws_request_id: str = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return round(self.seconds * 1000)
