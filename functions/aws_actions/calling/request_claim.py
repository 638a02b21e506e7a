"""The claim of a request. If its end cannot be written, its lease lapses and counts as a call without an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from observability.telemetry import logger
from shared_state.claims import Claim
from shared_state.rows import RowsUnavailable


@dataclass(frozen=True, slots=True)
class RequestClaim:
    """A claim whose methods never raise RowsUnavailable."""

    claim: Claim | None
    """None if the table is down and the call may be made twice."""

    @property
    def hop(self) -> int:
        return 0 if self.claim is None else self.claim.hop

    @property
    def is_doubtful(self) -> bool:
        """Whether the call may have been made before."""
        return self.claim is not None and self.claim.is_doubtful

    @property
    def is_exhausted(self) -> bool:
        """Whether the call may have been made before and must not be made again."""
        return self.claim is not None and self.claim.is_exhausted

    def commit(self) -> None:
        """Record that the call was made."""
        if self.claim is not None:
            _write(self.claim.commit)

    def release(self) -> None:
        """Record that the call was not made."""
        if self.claim is not None:
            _write(self.claim.release)

    def leave_unanswered(self) -> bool:
        """Record a call without an answer.

        Return False if the request must be parked: its call must not be made again, or there is no row that records it.
        """
        return self.claim is not None and _write(self.claim.leave_unanswered) is not False

    def park(self) -> None:
        """Record that the request is in the parking queue."""
        if self.claim is not None:
            _write(self.claim.park)


def _write[T](end: Callable[[], T]) -> T | None:
    try:
        return end()
    except RowsUnavailable as error:
        logger.warning("claim not ended", extra={"error": str(error)})
        return None
