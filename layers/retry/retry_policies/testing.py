"""A fake clock and scripted calls for tests of code that uses a policy.

```python
time = FakeTime()
policy = time.policy(SLACK_WEBHOOK)  # a copy, on this clock
post = Script(time, ConnectionRefusedError(), "ok", takes=0.2)
assert policy.call(time.deadline(10), post) == "ok"
assert time.slept == [0.5]
```

`time.control(POLICY)` changes the policy itself until `time.release()`: code that imports it or is decorated with it
needs no parameter. The fixture `retry_time` of retry_policies.pytest_plugin releases by itself.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field

from retry_policies.backoff import Uniform
from retry_policies.deadline import Deadline
from retry_policies.policy import RetryPolicy


def shortest(low: float, _high: float) -> float:
    """Replace random.uniform: no jitter, so that a pause is exactly the Retry-After."""
    return low


def longest(_low: float, high: float) -> float:
    """Replace random.uniform: the whole window, the longest possible pause."""
    return high


@dataclass(slots=True)
class FakeTime:
    """A clock that moves when `now` is set or `sleep` is called."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)
    _controlled: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        """Sleep, and let other tasks run."""
        import asyncio  # noqa: PLC0415 - synchronous tests need none

        self.sleep(seconds)
        await asyncio.sleep(0)

    def deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, clock=self.clock)

    def policy(self, policy: RetryPolicy, *, uniform: Uniform = longest) -> RetryPolicy:
        """Return a copy of this policy on this clock, with `longest`, `shortest` or a seeded Random(1).uniform."""
        return policy.with_(clock=self.clock, sleep=self.sleep, async_sleep=self.async_sleep, uniform=uniform)

    def control(self, policy: RetryPolicy, *, uniform: Uniform = longest) -> None:
        """Put the policy itself on this clock, wherever it is used. A deadline has the clock that it was made with."""
        copy = self.policy(policy, uniform=uniform)
        for name in ("clock", "sleep", "async_sleep", "uniform"):
            self._controlled.callback(object.__setattr__, policy, name, getattr(policy, name))
            object.__setattr__(policy, name, getattr(copy, name))

    def release(self) -> None:
        """Restore the clock, the sleep and the randomness of the controlled policies."""
        self._controlled.close()


class Script:
    """A function that raises or returns one outcome per attempt. Each attempt takes `takes` seconds."""

    def __init__(self, time: FakeTime, *outcomes: object, takes: float = 0.0) -> None:
        self.time = time
        self.outcomes = list(outcomes)
        self.takes = takes
        self.calls: list[tuple[tuple[object, ...], dict[str, object]]] = []
        """The arguments of the attempts."""

    def __call__(self, /, *args: object, **kwargs: object) -> object:
        self.calls.append((args, kwargs))
        self.time.now += self.takes
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome
