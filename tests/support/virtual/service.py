"""An AWS service, whose calls take time and can fail."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.virtual.faults import Faults
from tests.support.virtual.operations import Operations


@dataclass
class Service:
    name: str
    operations: Operations
    latency: float = 0.01
    """Seconds from a call to its effect."""
    faults: Faults = field(default_factory=Faults)

    def call[T](self, operation: str, effect: Callable[[], T]) -> T:
        """Wait and do the effect, or fail. Outside a task do the effect at once."""
        scheduler, name = self.operations.scheduler, f"{self.name}.{operation}"
        if scheduler.task is None:
            return effect()
        failure = self.faults.next(operation, scheduler.now)
        if failure is None:
            return self.operations.perform(name, self.latency, effect)
        self.operations.perform(name, self.latency, effect if failure.takes_effect else lambda: None)
        scheduler.sleep(failure.seconds)
        raise failure.error()
