"""Calls of an AWS service in virtual time: their duration, their failures, and their order."""

from functools import partial

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.support.virtual.faults import DENIED, THROTTLED, unanswered, unreachable
from tests.support.virtual.operations import Moment
from tests.support.virtual.service import Service
from tests.support.virtual.world import World


def ends(world: World, service: Service, *instants: float, operation: str = "put") -> list[tuple[float, str]]:
    """Call the service at these instants; return when each call ended, and how."""
    found: list[tuple[float, str]] = []

    def body() -> None:
        for instant in instants:
            world.sleep(instant - world.now)
            try:
                found.append((0.0, service.call(operation, lambda: "done")))
            except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
                found.append((0.0, type(error).__name__))
            found[-1] = (world.now, found[-1][1])

    world.scheduler.spawn(body)
    world.run()
    return found


def test_a_call_in_an_invocation_takes_time_and_counts_as_an_operation() -> None:
    with World() as world:
        assert ends(world, world.service("table", latency=0.25), 0.0, 1.0) == [(0.25, "done"), (1.25, "done")]
        assert world.operations.counts == {"": 2, "table.put": 2}


def test_a_call_outside_an_invocation_always_succeeds() -> None:
    service = World().service("table")
    service.faults.script(THROTTLED)
    assert service.call("put", lambda: "done") == "done"


def test_a_service_that_is_down_fails_every_call() -> None:
    with World() as world:
        service = world.service("table", latency=0.0)
        service.faults.down(10.0, 20.0, unreachable(seconds=1.5))
        service.faults.down(30.0, 40.0, THROTTLED, operation="put")
        service.faults.down(30.0, 40.0, DENIED, operation="get")
        assert ends(world, service, 9.0, 10.0, 20.0, 35.0, 40.0) == [
            (9.0, "done"),
            (11.5, "EndpointConnectionError"),
            (20.0, "done"),
            (35.0, "ClientError"),
            (40.0, "done"),
        ]


def test_a_script_precedes_an_outage_and_the_script_of_an_operation_precedes_that_of_all() -> None:
    with World() as world:
        service = world.service("table", latency=0.0)
        service.faults.down(0.0, 100.0, unreachable(0.0))
        service.faults.script(None, operation="put")
        service.faults.script(THROTTLED)
        assert [end for _, end in ends(world, service, 0.0, 0.0, 0.0)] == [
            "done",
            "ClientError",
            "EndpointConnectionError",
        ]


def test_a_write_without_an_answer_may_have_taken_effect() -> None:
    with World() as world:
        service, effects = world.service("table"), list[str]()
        service.faults.script(unanswered(takes_effect=False), unanswered(takes_effect=True))

        def body() -> None:
            for name in ("first", "second"):
                try:
                    service.call("put", partial(effects.append, name))
                except ReadTimeoutError:
                    effects.append(f"{name} failed")

        world.scheduler.spawn(body)
        world.run()
        assert effects == ["first failed", "second", "second failed"]


def test_a_crash_after_an_operation_hides_its_error() -> None:
    with World() as world:
        service, seen = world.service("table"), list[str]()

        def get() -> None:
            raise KeyError

        def body() -> None:
            for _ in range(2):
                try:
                    service.call("get", get)
                except KeyError:
                    seen.append("KeyError")

        world.operations.crash(2, Moment.AFTER, "table.get")
        world.scheduler.spawn(body)
        world.run()
        assert seen == ["KeyError"]


def test_two_invocations_call_a_service_in_either_order() -> None:
    def winner(seed: int) -> str:
        with World(seed) as world:
            service, order = world.service("table"), list[str]()
            for name in ("a", "b"):
                world.scheduler.spawn(partial(service.call, "claim", partial(order.append, name)))
            world.run()
            return order[0]

    assert {winner(seed) for seed in range(20)} == {"a", "b"}


def test_jitter_makes_operations_longer_and_never_shorter() -> None:
    found = []
    for seed in range(20):
        with World(seed, jitter=1.0) as world:
            found += [end for end, _ in ends(world, world.service("table", latency=1.0), 0.0)]
    assert all(1.0 <= end <= 2.0 for end in found)
    assert len(set(found)) == 20
