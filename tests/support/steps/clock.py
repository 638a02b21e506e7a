"""The fake clock of the policies, for code that takes a clock as a function."""

from retry_policies.testing import FakeTime


class FakeClock(FakeTime):
    def __init__(self, now: float = 1000.0) -> None:
        super().__init__(now)

    def __call__(self) -> float:
        return self.now
