"""The cursors of the table, and a copy of each in this process for an outage of the table."""

from dataclasses import dataclass, field, replace

from notices.cursor_table import CursorsUnavailable, CursorTable
from notices.models import REPORTED_LIMIT, Cursor
from observability.telemetry import count, logger
from retry_policies import Deadline


@dataclass(frozen=True, slots=True)
class CachedCursors:
    """The table of cursors, and the last cursor of each queue in this process.

    While the table is down a warm environment does not report the same messages again.
    """

    table: CursorTable
    last: dict[str, Cursor] = field(default_factory=dict)
    """The last cursor by queue, also if it could not be written."""
    stored: dict[str, Cursor] = field(default_factory=dict)
    """The cursor by queue as it is in the table."""

    def read(self, queue: str, deadline: Deadline) -> Cursor | None:
        """Return the cursor, or None if the table is down and this process has none."""
        last = self.last.get(queue)
        try:
            stored = self.table.read(queue, deadline)
        except CursorsUnavailable as error:
            _report("cursor not read", queue, error)
            return last
        self.stored[queue] = stored
        return merged(stored, last) if last else stored

    def write(self, queue: str, cursor: Cursor, deadline: Deadline) -> None:
        """Write the cursor if it has changed; a failure is reported, and this process keeps the cursor."""
        self.last[queue] = cursor
        stored = self.stored.get(queue)
        if stored and replace(stored, read_at=cursor.read_at) == cursor:
            return
        try:
            self.table.write(queue, cursor, deadline)
        except CursorsUnavailable as error:
            _report("cursor not written", queue, error)
        else:
            self.stored[queue] = cursor


def merged(one: Cursor, other: Cursor) -> Cursor:
    """Return the later cursor, with the ids of both."""
    older, newer = sorted((one, other), key=lambda cursor: cursor.read_at)
    known = frozenset(newer.reported)
    reported = (*(one for one in older.reported if one not in known), *newer.reported)
    return replace(newer, reported=reported[-REPORTED_LIMIT:])


def _report(message: str, queue: str, error: CursorsUnavailable) -> None:
    logger.error(message, extra={"queue": queue, "error": str(error)})
    count("NoticesFailed")
