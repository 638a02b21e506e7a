"""Lambda's context with a fixed time left."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FixedContext:
    seconds: float = 60.0

    def get_remaining_time_in_millis(self) -> int:
        return round(self.seconds * 1000)
