"""What a request holds until its end: its claim, and what Slack shall be told once it is parked."""

from collections.abc import Callable
from dataclasses import dataclass

from observability.telemetry import logger
from shared_state.claims import Claim
from shared_state.rows import RowsUnavailable


@dataclass(frozen=True, slots=True)
class Hold:
    """A claim whose end may fail to be written: then its lease runs out, and says that the call may have been made.

    None where the table is down and the call may be made twice.
    """

    claim: Claim | None

    @property
    def hop(self) -> int:
        return 0 if self.claim is None else self.claim.hop

    @property
    def is_doubtful(self) -> bool:
        """Whether the call may have been made before."""
        return self.claim is not None and self.claim.is_doubtful

    @property
    def is_exhausted(self) -> bool:
        """Whether the call may have been made before, and must not be made once more."""
        return self.claim is not None and self.claim.is_exhausted

    def commit(self) -> None:
        """It was made."""
        if self.claim is not None:
            _write(self.claim.commit)

    def release(self) -> None:
        """It was not made."""
        if self.claim is not None:
            _write(self.claim.release)

    def leave_unanswered(self) -> bool:
        """It may have been made and may be again. False where that happened too often, or nothing would remember it."""
        return self.claim is not None and _write(self.claim.leave_unanswered) is not False

    def park(self) -> None:
        """It stands in the parking queue."""
        if self.claim is not None:
            _write(self.claim.park)


def _write[T](end: Callable[[], T]) -> T | None:
    try:
        return end()
    except RowsUnavailable as error:
        logger.warning("claim not ended", extra={"error": str(error)})
        return None
