"""The claims that an outcome carries: the batch loop ends them when it carries the outcome out."""

from typing import Protocol


class ParkableClaim(Protocol):
    """A claim that ends when its record is parked."""

    @property
    def hop(self) -> int:
        """The highest hop of the alert's copies."""
        ...

    def park(self) -> None: ...
    def release(self) -> None: ...


class MovableClaim(ParkableClaim, Protocol):
    """A claim that ends when its record is parked or moved."""

    def move(self) -> None: ...
