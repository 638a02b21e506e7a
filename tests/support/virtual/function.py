"""A Lambda function in virtual time: execution environments, the timeout, and the ends of invocations."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.support.virtual.clocks import WallClock
from tests.support.virtual.scheduler import Killed, Scheduler


class End(Enum):
    RETURNED = "returned"
    RAISED = "raised"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"


@dataclass
class Invocation:
    number: int
    event: Any
    started: float
    ended: float = 0.0
    end: End | None = None
    """None until it ends."""
    response: Any = None
    error: BaseException | None = None

    @property
    def seconds(self) -> float:
        """The billed time."""
        return self.ended - self.started


@dataclass(frozen=True, slots=True)
class VirtualContext:
    """Lambda's context; the real one also measures the remaining time by the wall clock."""

    ends: float
    wall: WallClock
    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self.ends - self.wall()) * 1000))


type Handler = Callable[[Any, VirtualContext], object]


@dataclass
class VirtualFunction:
    """A function whose environments run one invocation at a time and are kept until they are killed."""

    scheduler: Scheduler
    wall: WallClock
    new_environment: Callable[[], Handler]
    """Make a cold start; return the handler of the new environment."""
    timeout: float = 60.0
    invocations: list[Invocation] = field(default_factory=list)
    _idle: list[Handler] = field(default_factory=list)

    def invoke(self, event: object, then: Callable[[Invocation], object] = lambda _: None) -> Invocation:
        """Start the handler now; call `then` at its end."""
        invocation = Invocation(len(self.invocations) + 1, event, self.scheduler.now)
        self.invocations.append(invocation)
        context = VirtualContext(self.wall() + self.timeout, self.wall, f"request-{invocation.number}")

        def run() -> None:
            self._run(invocation, context)
            timer.cancel()
            self.scheduler.at(self.scheduler.now, lambda: then(invocation))

        def time_out() -> None:
            invocation.end = End.TIMED_OUT
            self.scheduler.kill(task)

        task = self.scheduler.spawn(run)
        timer = self.scheduler.at(self.scheduler.now + self.timeout, time_out)
        return invocation

    def recycle(self) -> None:
        """Remove the idle environments."""
        self._idle.clear()

    @property
    def billed(self) -> float:
        """Return the seconds of all invocations that have ended."""
        return sum(one.seconds for one in self.invocations if one.end)

    def _run(self, invocation: Invocation, context: VirtualContext) -> None:
        """Run the handler, and keep the environment unless it was killed."""
        handler: Handler | None = None
        try:
            handler = self._idle.pop() if self._idle else self.new_environment()
            invocation.response = json.loads(json.dumps(handler(invocation.event, context)))
            end = End.RETURNED
        except Killed:
            end = End.CRASHED
        except KeyboardInterrupt:
            raise  # Ctrl-C ends the test
        except BaseException as error:  # noqa: BLE001 - Lambda goes on after any error
            invocation.error, end = error, End.RAISED
        if self.scheduler.is_killed:
            end = invocation.end or End.CRASHED
        elif handler is not None:
            self._idle.append(handler)
        invocation.end, invocation.ended = end, self.scheduler.now
