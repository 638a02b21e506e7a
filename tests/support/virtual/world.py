"""A world in virtual time: `with World(seed) as world:`. Hours pass in milliseconds."""

import math
import random
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, Self

from tests.support.virtual.clocks import WallClock
from tests.support.virtual.operations import Operations
from tests.support.virtual.scheduler import Scheduler, Timer
from tests.support.virtual.service import Service


class World:
    """The seed determines everything. With jitter 1, operations take up to twice their time, so their order varies."""

    def __init__(self, seed: int = 0, jitter: float = 0.0) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a test
        self.scheduler = Scheduler(random.Random(f"order {seed}"))  # noqa: S311 - a test
        self.operations = Operations(self.scheduler, random.Random(f"jitter {seed}"), jitter)  # noqa: S311 - a test
        self.wall = WallClock(self.scheduler)
        self.monotonic = self.scheduler.monotonic
        self.sleep = self.scheduler.sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.scheduler.close()

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return self.scheduler.now

    def service(self, name: str, latency: float = 0.01) -> Service:
        """Return an AWS service with its own faults."""
        return Service(name, self.operations, latency)

    def at(self, instant: float, do: Callable[[], object]) -> Timer:
        """Schedule a call; it cannot sleep."""
        return self.scheduler.at(instant, do)

    def die(self) -> NoReturn:
        """Kill the invocation that calls, as os._exit or a lack of memory does."""
        self.scheduler.die()

    def run(self, until: float = math.inf) -> None:
        """Run until then; without an instant, until nothing is scheduled."""
        self.scheduler.run(until)
