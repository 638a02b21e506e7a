"""The services of threads, built when they are first needed: a stack of webhooks imports none of them."""

from typing import TYPE_CHECKING

from outcomes.outcome import Later
from retry_policies import Deadline
from shared_state.rows import SharedRows
from slack_alerts.delivery.services import Services
from slack_alerts.models import Access, ClosedDestination

if TYPE_CHECKING:
    from shared_state.alarm_threads import AlarmThreads
    from shared_state.index_row import IndexRow
    from shared_state.open_alarms import OpenAlarms
    from slack_alerts.delivery.headlines import Headlines, Update


def build_threads(rows: SharedRows) -> "AlarmThreads":
    """Return the rows of threads."""
    from shared_state.alarm_threads import AlarmThreads  # noqa: PLC0415 - webhooks have no threads

    return AlarmThreads(rows=rows)


def build_headlines(rows: SharedRows, update: "Update") -> "Headlines":
    """Return the edits of first messages."""
    from shared_state.stale_headlines import StaleHeadlines  # noqa: PLC0415 - the first alert does not need them
    from slack_alerts.delivery.headlines import Headlines  # noqa: PLC0415 - the same

    return Headlines(build_threads(rows), StaleHeadlines(_index(rows, "headlines#stale")), update)


def build_open_alarms(rows: SharedRows) -> "OpenAlarms":
    """Return the alarms with reminders."""
    from shared_state.open_alarms import OpenAlarms  # noqa: PLC0415 - only routes with remind_after need them

    return OpenAlarms(_index(rows, "reminders#open"))


def _index(rows: SharedRows, key: str) -> "IndexRow":
    from shared_state.index_row import IndexRow  # noqa: PLC0415 - the first alert does not need it

    return IndexRow(rows=rows, key=key)


def sweep_threads(services: Services, deadline: Deadline) -> None:
    """Edit the first messages that earlier batches did not edit; then post the reminders that are due."""
    from slack_alerts.delivery.reminders import remind  # noqa: PLC0415 - the lane of self-tests alone needs it

    def find(destination: str) -> Access | ClosedDestination | Later:
        return services.destinations.find(destination, services.lanes.read(destination), deadline)

    services.headlines().sweep(find, deadline)
    remind(services, services.open_alarms(), find, deadline)
