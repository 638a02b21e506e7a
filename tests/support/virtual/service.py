"""An AWS service: its calls take time, and fail as its faults say."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.virtual.faults import Faults
from tests.support.virtual.operations import Operations


@dataclass
class Service:
    """What is between an invocation and a service."""

    name: str
    operations: Operations
    latency: float = 0.01
    """Seconds from a call to its effect."""
    faults: Faults = field(default_factory=Faults)

    def call[T](self, operation: str, effect: Callable[[], T]) -> T:
        """The effect in its time, or what the service's faults make of it."""
        scheduler, name = self.operations.scheduler, f"{self.name}.{operation}"
        if scheduler.task is None:
            return effect()
        failure = self.faults.next(operation, scheduler.now)
        if failure is None:
            return self.operations.perform(name, self.latency, effect)
        self.operations.perform(name, self.latency, effect if failure.takes_effect else lambda: None)
        scheduler.sleep(failure.seconds)
        raise failure.error()
