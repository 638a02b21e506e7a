"""The cursors of the table, and a copy of each in this process for an outage of the table."""

from dataclasses import dataclass, field, replace

from notices.cursor import Cursors, CursorsUnavailable
from notices.models import TOLD_LIMIT, Cursor
from observability.telemetry import count, logger
from retry_policies import Deadline


@dataclass(frozen=True, slots=True)
class KeptCursors:
    """A store of cursors, and the last cursor of each queue in this process.

    While the store is down a warm environment does not report the same messages again.
    """

    store: Cursors
    kept: dict[str, Cursor] = field(default_factory=dict)
    stored: dict[str, Cursor] = field(default_factory=dict)

    def recall(self, queue: str, deadline: Deadline) -> Cursor | None:
        """Return the cursor, or None if the store is down and this process has none."""
        kept = self.kept.get(queue)
        try:
            standing = self.store.read(queue, deadline)
        except CursorsUnavailable as error:
            _report("cursor not read", queue, error)
            return kept
        self.stored[queue] = standing
        return merged(standing, kept) if kept else standing

    def remember(self, queue: str, cursor: Cursor, deadline: Deadline) -> None:
        """Write the cursor if it has changed; a failure is reported, and this process keeps the cursor."""
        self.kept[queue] = cursor
        stored = self.stored.get(queue)
        if stored and replace(stored, looked_at=cursor.looked_at) == cursor:
            return
        try:
            self.store.write(queue, cursor, deadline)
        except CursorsUnavailable as error:
            _report("cursor not written", queue, error)
        else:
            self.stored[queue] = cursor


def merged(one: Cursor, other: Cursor) -> Cursor:
    """Return the later cursor, with the ids of both."""
    older, newer = sorted((one, other), key=lambda cursor: cursor.looked_at)
    known = frozenset(newer.told)
    told = (*(one for one in older.told if one not in known), *newer.told)
    return replace(newer, told=told[-TOLD_LIMIT:])


def _report(message: str, queue: str, error: CursorsUnavailable) -> None:
    logger.error(message, extra={"queue": queue, "error": str(error)})
    count("NoticesFailed")
