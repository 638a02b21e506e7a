"""The Slack thread of each alarm at each destination, in a row that all invocations share."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from types import UnionType
from uuid import uuid4

from observability.telemetry import logger
from retry_policies.deadline import Clock
from shared_state.rows import Conflict, Row, SharedRows, State

OPEN_FOR = 90 * 86_400.0
"""Seconds that the row of a firing alarm is kept after its last change."""
CLOSED_FOR = 7 * 86_400.0
"""Seconds that any other row is kept after its last change."""
FLAPPING_FROM, FLAPPING_WITHIN = 7, 600.0
"""An alarm that changes this often within so many seconds flaps."""

KINDS: dict[str, type | UnionType] = {
    **dict.fromkeys(("channel", "ts", "status", "headline", "colour", "message"), str),
    **dict.fromkeys(("changed_at", "fired_at"), int | float),
    "has_fired": bool,
    "fired": int,
    "moments": list | tuple,
}
"""The types of a thread's facts: a row of another version may have others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The first message of an alarm, and the newest change that was posted."""

    channel: str
    ts: str
    """Slack's id of the message in its channel."""
    status: str
    """The status of the newest change, by the time of the event."""
    changed_at: float
    """The time of that change, in seconds since the epoch."""
    has_fired: bool
    """Whether an ALARM is among the changes of the thread."""
    fired: int = 0
    """The number of these ALARMs."""
    fired_at: float = 0.0
    """The time from which the alarm is, or was last, in ALARM."""
    moments: Sequence[float] = ()
    """The times of the newest changes, in order."""
    headline: str = ""
    """State and name of the newest change."""
    colour: str = ""
    message: str = ""
    """The content of the first message, in JSON; "" if it is not edited, like a digest."""

    @property
    def flaps(self) -> int:
        """The number of changes within FLAPPING_WITHIN seconds up to the newest."""
        return sum(at > max(self.moments, default=0.0) - FLAPPING_WITHIN for at in self.moments)

    @property
    def is_flapping(self) -> bool:
        return self.flaps >= FLAPPING_FROM


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmThreads:
    """The rows of threads; `clock` is the wall clock."""

    rows: SharedRows
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def read(self, destination: str, subject: str) -> "AlarmThread | None":
        """Return the row of an alarm; None while the table is down."""
        return self.read_key(thread_key(destination, subject))

    def read_key(self, key: str) -> "AlarmThread | None":
        """Return the row of this key; None while the table is down."""
        row = self.rows.read(key)
        if self.rows.is_down:
            return None
        is_usable = row is not None and row.expires > self.clock()
        return AlarmThread(self, key, row, _thread(row.facts) if row is not None and is_usable else None)


@dataclass(slots=True)
class AlarmThread:
    """The row of one alarm at one destination, as one invocation read it."""

    threads: AlarmThreads
    key: str
    row: Row | None
    thread: Thread | None
    """None before the first message."""

    def write(self, thread: Thread, *, is_open: bool) -> None:
        """Write the thread; a row that another invocation has changed stays."""
        now = self.threads.clock()
        row = Row(
            token=self.threads.new_token(),
            state=State.FREE,
            until=now,
            count=0,
            expires=now + (OPEN_FOR if is_open else CLOSED_FOR),
            facts=json.dumps(asdict(thread), ensure_ascii=False),
        )
        if self.threads.rows.is_down:
            return
        try:
            self.threads.rows.swap(self.key, self.row, row)
        except Conflict:
            logger.warning("thread not recorded")
        self.row, self.thread = row, thread


def thread_key(destination: str, subject: str) -> str:
    """Return the row's key; the subject is hashed because it may have any length."""
    return f"thread#{destination}#{sha256(subject.encode(errors='surrogatepass')).hexdigest()}"


def destination_of(key: str) -> str:
    """Return the destination in the key of a row."""
    return key.split("#")[1]


def _thread(facts: str) -> Thread | None:
    """Return the thread in a row's facts; None if this version cannot read them."""
    try:
        thread = Thread(**json.loads(facts))
    except (ValueError, TypeError):
        return None
    is_known = all(isinstance(getattr(thread, name), kind) for name, kind in KINDS.items())
    return thread if is_known and all(isinstance(at, int | float) for at in thread.moments) else None
