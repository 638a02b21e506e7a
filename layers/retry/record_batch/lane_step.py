"""The types of a function's own work on one lane, between that function and the batch loop of LanesQueue."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from aws_events.record import Record
from outcomes.outcome import Outcome
from retry_policies.deadline import Deadline


@dataclass(frozen=True, slots=True)
class ContinueAlone:
    """A step's request to delete its finished records now, because its next record may crash the function.

    The step resumes after the other lanes of the batch, with a new deadline. Of several such steps the one with the
    fewest crashes resumes first.
    """

    crashes: int = 0


type Outcomes[Rest] = Generator[tuple[Record, Outcome] | ContinueAlone, Deadline | None, Rest]
"""Records, each with its outcome as soon as it is known. Returns the rest, which the caller posts next."""
type LaneStep = Callable[[str, Sequence[Record], Deadline], Outcomes[None]]
"""(lane, its records in order, deadline) -> records with their outcomes.

The first Later ends the lane's batch: its `after` is the lane's pause. Records without an outcome stay in the queue.
"""
