"""Virtual time: synchronous code runs in greenlets, and whoever waits makes room for whoever is due first."""

import heapq
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from greenlet import getcurrent, greenlet

from retry_policies.info import ATTRIBUTE, HERE, NOTHING_YET

STEPS = 2_000_000
"""So many make a world that goes round in circles."""


class Killed(KeyboardInterrupt):
    """SIGKILL as the killed code sees it: whatever it tries next raises this again. The batch loop lets it through."""


@dataclass(slots=True, eq=False)
class Timer:
    """Something that is to happen, unless it is cancelled."""

    do: Callable[[], object] | None

    def cancel(self) -> None:
        """It will not happen, and time does not wait for it."""
        self.do = None


class Task(greenlet):
    """Synchronous code that runs in virtual time."""

    is_killed = False
    timer: Timer


class Scheduler:
    """One clock, and all that is going to happen; among what is due at the same instant the dice decide."""

    def __init__(self, dice: random.Random, steps: int = STEPS) -> None:
        self.now = 0.0
        """Seconds since the world began."""
        self._dice = dice
        self._steps = steps
        self._until = math.inf
        self._due: list[tuple[float, float, int, Timer]] = []
        self._serial = itertools.count()
        self._hub = getcurrent()
        self._tasks: dict[Task, None] = {}

    def monotonic(self) -> float:
        """In place of time.monotonic."""
        return self.now

    @property
    def task(self) -> Task | None:
        """What is running now; None for the code around the world."""
        current = getcurrent()
        return current if isinstance(current, Task) else None

    def at(self, instant: float, do: Callable[[], object]) -> Timer:
        """Let this happen then; it cannot sleep."""
        timer = Timer(do)
        heapq.heappush(self._due, (max(instant, self.now), self._dice.random(), next(self._serial), timer))
        return timer

    def spawn(self, body: Callable[[], object]) -> Task:
        """Let this run from now on; it can sleep, and be killed."""

        def run() -> None:
            try:
                body()
            except Killed:
                pass
            finally:
                del self._tasks[task]

        task = Task(run, self._hub)
        self._tasks[task] = None
        task.timer = self.at(self.now, task.switch)
        return task

    def sleep(self, seconds: float) -> None:
        """In place of time.sleep; outside a task there is nobody to wait."""
        task = self.task
        if task is None:
            return
        if task.is_killed:
            raise Killed
        wake = self.now + max(0.0, seconds)
        self._steps -= 1
        if wake <= self._until and self._steps > 0 and (not self._due or wake < self._due[0][0]):
            self.now = wake  # nobody else is due before: no need to change places
            return
        task.timer = self.at(wake, task.switch)
        own = HERE.__dict__.get(ATTRIBUTE, NOTHING_YET)
        self._hub.switch()
        HERE.__dict__[ATTRIBUTE] = own  # another task is another process, though it runs in the same thread

    @property
    def is_killed(self) -> bool:
        """Whether the task that asks was killed and went on."""
        return self.task is not None and self.task.is_killed

    def die(self) -> NoReturn:
        """Kill the task that calls."""
        if self.task is not None:
            self.task.is_killed = True
        raise Killed

    def kill(self, task: Task) -> None:
        """Kill a task that sleeps; for timers, not for tasks."""
        task.is_killed = True
        task.timer.cancel()
        if task:  # it has begun and not ended
            task.throw(Killed())
        else:
            self._tasks.pop(task, None)

    def run(self, until: float = math.inf) -> None:
        """Let everything happen that is due until then; without an instant, until nothing is left to happen."""
        self._until = until
        while self._due and self._due[0][0] <= until:
            instant, _, _, timer = heapq.heappop(self._due)
            if timer.do is None:
                continue
            self._steps -= 1
            if self._steps < 0:
                raise RuntimeError(f"after {self.now} s of virtual time the world goes round in circles")
            self.now = instant
            timer.do()
        if until < math.inf:
            self.now = max(self.now, until)

    def close(self) -> None:
        """Kill whatever still runs: a forgotten greenlet keeps its world in memory."""
        for task in list(self._tasks):
            self.kill(task)
        self._due.clear()
