"""Virtual time: synchronous code runs in greenlets, and a sleep switches to the task that is due first."""

import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from greenlet import getcurrent, greenlet

from retry_policies.info import ATTRIBUTE, THREAD

STEPS = 2_000_000
"""Steps after which a run is taken for an endless loop."""


class Killed(KeyboardInterrupt):
    """SIGKILL for the killed code: each of its further calls raises this again. The batch loop does not catch it."""


@dataclass(slots=True, eq=False)
class Timer:
    do: Callable[[], object] | None

    def cancel(self) -> None:
        """Cancel the call; time does not wait for it."""
        self.do = None


class Thread(greenlet):
    """A thread of an invocation."""

    timer: Timer
    task: "Task"


class Task(greenlet):
    """Synchronous code in virtual time: an invocation and its first thread."""

    is_killed = False
    timer: Timer
    threads: dict[Thread, None]
    """Its other running threads, in the order of their start."""


class Scheduler:
    """One clock and all scheduled calls. Those of the same instant run in random order."""

    def __init__(self, rng: random.Random, steps: int = STEPS) -> None:
        self.now = 0.0
        """Seconds since the start."""
        self._rng = rng
        self._steps = steps
        self._until = math.inf
        self._due: list[tuple[float, float, int, Timer]] = []
        self._serial = itertools.count()
        self._hub = getcurrent()
        self._tasks: dict[Task, None] = {}

    def monotonic(self) -> float:
        return self.now

    @property
    def task(self) -> Task | None:
        """The running invocation; None outside the world."""
        current = getcurrent()
        return current.task if isinstance(current, Thread) else current if isinstance(current, Task) else None

    def at(self, instant: float, do: Callable[[], object]) -> Timer:
        """Schedule a call; it cannot sleep."""
        timer = Timer(do)
        heapq.heappush(self._due, (max(instant, self.now), self._rng.random(), next(self._serial), timer))
        return timer

    def spawn(self, body: Callable[[], object]) -> Task:
        """Start a task now; it can sleep and be killed."""

        def run() -> None:
            try:
                body()
            except Killed:
                pass
            finally:
                del self._tasks[task]

        task = Task(run, self._hub)
        task.threads = {}
        self._tasks[task] = None
        task.timer = self.at(self.now, task.switch)
        return task

    def sleep(self, seconds: float) -> None:
        """Replace time.sleep; do nothing outside a task."""
        current = self._current()
        if current is None:
            return
        wake = self.now + max(0.0, seconds)
        self._steps -= 1
        if wake <= self._until and self._steps > 0 and (not self._due or wake < self._due[0][0]):
            self.now = wake  # nothing else is due before: no need to switch
            return
        current.timer = self.at(wake, current.switch)
        self._wait()

    def gather(self, bodies: Iterable[Callable[[], object]]) -> None:
        """Run these side by side, as threads of the calling invocation; return when all have ended.

        Then raise the error of the first that failed. Outside a task they run one after another.
        """
        current = self._current()
        failures = list(map(_failure, bodies)) if current is None else self._side_by_side(current, list(bodies))
        for failure in failures:
            if failure is not None:
                raise failure

    def _side_by_side(
        self, current: Task | Thread, bodies: Sequence[Callable[[], object]]
    ) -> list[BaseException | None]:
        """Return the error of each, or None."""
        failures: dict[int, BaseException | None] = {}

        def run(number: int, body: Callable[[], object]) -> None:
            failures[number] = _failure(body)
            if len(failures) == len(bodies) and not self.is_killed:
                current.timer = self.at(self.now, current.switch)

        for number, body in enumerate(bodies):
            self._begin(partial(run, number, body))
        if bodies:
            self._wait()
        return [failures[number] for number in range(len(bodies))]

    def _begin(self, body: Callable[[], object]) -> None:
        """Start a thread of the calling invocation."""
        task = self.task
        assert task is not None, "a thread needs a task"

        def run() -> None:
            THREAD.__dict__[ATTRIBUTE] = None
            try:
                body()
            finally:
                del task.threads[thread]

        thread = Thread(run, self._hub)
        thread.task = task
        task.threads[thread] = None
        thread.timer = self.at(self.now, thread.switch)

    def _current(self) -> Task | Thread | None:
        """Return the thread that is running; raise Killed if its invocation was killed."""
        current = getcurrent()
        if not isinstance(current, Task | Thread):
            return None
        if self.is_killed:
            raise Killed
        return current

    def _wait(self) -> None:
        """Switch to other tasks until this thread is due."""
        own = THREAD.__dict__.get(ATTRIBUTE)
        self._hub.switch()
        THREAD.__dict__[ATTRIBUTE] = own  # another task is another process, though it runs in the same thread

    @property
    def is_killed(self) -> bool:
        """Whether the running task was killed and went on."""
        return self.task is not None and self.task.is_killed

    def die(self) -> NoReturn:
        """Kill the calling task with all its threads."""
        task = self.task
        if task is not None:
            task.is_killed = True
            for thread in task.threads:
                thread.timer.cancel()
            if task.threads:  # the others end when this one has ended
                self.at(self.now, partial(self.kill, task))
        raise Killed

    def kill(self, task: Task) -> None:
        """Kill a sleeping task with all its threads; to be called by timers, not by tasks."""
        task.is_killed = True
        for thread in list(task.threads):
            thread.timer.cancel()
            if thread:
                thread.throw(Killed())
        task.threads.clear()
        task.timer.cancel()
        if task:  # it has begun and not ended
            task.throw(Killed())
        else:
            self._tasks.pop(task, None)

    def run(self, until: float = math.inf) -> None:
        """Run all calls that are due until then; without an instant, until nothing is scheduled."""
        self._until = until
        while self._due and self._due[0][0] <= until:
            instant, _, _, timer = heapq.heappop(self._due)
            if timer.do is None:
                continue
            self._steps -= 1
            if self._steps < 0:
                raise RuntimeError(f"after {self.now} s of virtual time: endless loop")
            self.now = instant
            timer.do()
        if until < math.inf:
            self.now = max(self.now, until)

    def close(self) -> None:
        """Kill all tasks: a greenlet that has not ended keeps its world in memory."""
        for task in list(self._tasks):
            self.kill(task)
        self._due.clear()


def _failure(body: Callable[[], object]) -> BaseException | None:
    """Run a thread's code; return the error that ended it, or None."""
    try:
        body()
    except BaseException as error:  # noqa: BLE001 - raised in the waiting thread
        return error
    return None
