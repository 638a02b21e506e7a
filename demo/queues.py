"""The queues of the pipeline at one read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from demo.books import Places
from demo.ministack import QueuedMessage
from demo.queued_alert import sns_id_of
from record_batch.lane_message import SELF_TESTS

type Messages = Sequence[QueuedMessage]


@dataclass(frozen=True)
class Queues:
    """The messages of each queue, hidden ones too."""

    alerts: Messages = ()
    lanes: Messages = ()
    parked: Messages = ()
    alerts_dead: Messages = ()
    lanes_dead: Messages = ()

    def places(self) -> Places:
        """Return the SNS ids by the place that decides an alert's end."""
        in_flight = frozenset(sns_id for _, sns_id in self.in_line())
        return Places(_ids(self.parked), _ids([*self.alerts_dead, *self.lanes_dead]), in_flight)

    def in_line(self) -> list[tuple[QueuedMessage, str]]:
        """Return the messages of the two working queues, each with its SNS id."""
        return [(one, sns_id_of(one)) for one in (*self.alerts, *self.lanes)]

    def ids(self, name: str) -> frozenset[str]:
        """Return the SNS ids in the queue of that name."""
        return _ids(getattr(self, name))

    def in_lanes(self) -> frozenset[str]:
        """Return the SNS ids in LanesQueue."""
        return _ids(self.lanes)

    def depths(self) -> dict[str, int]:
        """Return the number of messages by queue."""
        return {name: len(getattr(self, name)) for name in self.__dataclass_fields__}

    def by_lane(self) -> dict[str, list[str]]:
        """Return the SNS ids by lane, without that of the self-tests."""
        lanes: dict[str, list[str]] = {}
        for one in self.lanes:
            if one.lane != SELF_TESTS:
                lanes.setdefault(one.lane, []).append(sns_id_of(one))
        return lanes


def _ids(messages: Iterable[QueuedMessage]) -> frozenset[str]:
    return frozenset(map(sns_id_of, messages))
