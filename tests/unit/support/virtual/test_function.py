"""Rules of Lambda: execution environments, the timeout, and crashes."""

from functools import partial

import pytest

from retry_policies import Deadline
from tests.support.virtual.function import End, Handler, VirtualContext, VirtualFunction
from tests.support.virtual.operations import Moment
from tests.support.virtual.world import World


class Environments:
    """Execution environments that remember their events; the handler is called in the first of them only."""

    def __init__(self, world: World, handler: Handler = lambda *_: None) -> None:
        self.world, self.handler = world, handler
        self.memories: list[list[object]] = []
        self.function = VirtualFunction(world.scheduler, world.wall, self.new, timeout=60.0)

    def new(self) -> Handler:
        memory: list[object] = []
        self.memories.append(memory)

        def handle(event: object, context: VirtualContext) -> object:
            memory.append(event)
            return self.handler(event, context) if memory is self.memories[0] else None

        return handle

    def invoke(self, *events: object) -> tuple[End | None, float]:
        """Invoke the function at once for each event; return how and when the first invocation ended."""
        first, *_ = [self.function.invoke(event) for event in events]
        self.world.run()
        return first.end, first.ended


def test_an_environment_is_reused_and_serves_one_invocation_at_a_time(world: World) -> None:
    environments = Environments(world, lambda *_: world.sleep(1.0))
    environments.invoke(1)
    environments.invoke(2, 3)
    assert environments.memories in ([[1, 2], [3]], [[1, 3], [2]])
    environments.function.recycle()
    environments.invoke(4)
    assert environments.memories[2:] == [[4]]


def test_a_failed_cold_start_or_an_answer_that_is_not_json_fails_the_invocation(world: World) -> None:
    def cold_start() -> Handler:
        raise LookupError

    for new_environment in (cold_start, lambda: lambda *_: {1, 2}):
        invocation = VirtualFunction(world.scheduler, world.wall, new_environment).invoke({})
        world.run()
        assert invocation.end is End.RAISED


def test_the_timeout_kills_the_invocation_and_its_environment(world: World) -> None:
    environments = Environments(world, lambda *_: world.sleep(100.0))
    assert environments.invoke(1) == (End.TIMED_OUT, 60.0)
    environments.invoke(2)
    assert environments.memories == [[1], [2]]
    assert environments.function.billed == 60.0


@pytest.mark.parametrize(("moment", "effects"), [(Moment.BEFORE, ["one"]), (Moment.AFTER, ["one", "two"])])
def test_a_killed_invocation_has_no_further_effect_even_if_it_catches_the_kill(
    world: World, moment: Moment, effects: list[str]
) -> None:
    found: list[str] = []
    caught: list[str] = []

    def stubborn(*_: object) -> object:
        for name in ("one", "two", "three"):
            try:
                world.operations.perform(name, 0.1, partial(found.append, name))
            except KeyboardInterrupt:
                caught.append(name)
        return {"batchItemFailures": []}

    environments = Environments(world, stubborn)
    world.operations.crash(2, moment)
    assert environments.invoke(1) == (End.CRASHED, 0.2)
    assert (found, caught) == (effects, ["two", "three"])
    environments.invoke(2)
    assert environments.memories == [[1], [2]]


def test_the_context_counts_the_time_left_by_the_wall_clock(world: World) -> None:
    left: list[int] = []

    def handler(_: object, context: VirtualContext) -> None:
        deadline = Deadline.from_context(context, reserve=5.0, clock=world.monotonic)
        for seconds, jump in ((0.0, 0.0), (20.0, 0.0), (0.0, 10.0), (0.0, 100.0)):
            world.sleep(seconds)
            world.wall.jump(jump)
            left.append(context.get_remaining_time_in_millis())
        left.append(round(deadline.remaining() * 1000))

    Environments(world, handler).invoke({})
    assert left == [60_000, 40_000, 30_000, 0, 35_000]
