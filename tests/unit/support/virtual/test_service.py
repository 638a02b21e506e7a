"""Calls of an AWS service in virtual time: their duration and their failures."""

from functools import partial

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.support.virtual.faults import DENIED, THROTTLED, unanswered, unreachable
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
