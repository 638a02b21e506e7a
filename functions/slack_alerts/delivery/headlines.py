"""Edit the first message of each thread that has changed, after the delivery. Failures are counted and never raised."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from observability.telemetry import count, logger
from outcomes.outcome import Later
from retry_policies import Deadline, ErrorKind
from retry_policies.deadline import Clock
from shared_state.alarm_threads import AlarmThread, AlarmThreads, destination_of
from shared_state.stale_headlines import StaleHeadlines
from slack_alerts.formatting.headline import format_headline
from slack_alerts.models import (
    Access,
    BotToken,
    ClosedDestination,
    Credentials,
    Edit,
    SlackRefused,
    SlackUnreachable,
)

PER_MINUTE = 20
"""Edits of one execution environment in a minute; Slack allows an app about 50 in each workspace."""
PER_BATCH = 3
"""Edits of one lane in one batch."""
EDIT_TIME = 2.0
"""Seconds for all edits of a batch: the lane may already be waiting for its next post."""
THROTTLED_FOR = 60.0
"""Seconds without edits after Slack has throttled one, unless Slack asks for a longer wait."""
PASSING = frozenset({ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS})

type Update = Callable[[BotToken, Edit, float], None]
"""(credentials, edit, timeout) -> None; raises SlackRefused or SlackUnreachable."""


@dataclass(slots=True)
class EditBudget:
    """The edits that one execution environment may still make; its lanes share it."""

    clock: Clock = time.monotonic
    began: list[float] = field(default_factory=list)
    """The instants of the edits of the last minute."""
    closed_until: float = float("-inf")

    def take(self) -> bool:
        """Take one edit; return False if there is none left."""
        now = self.clock()
        self.began = [at for at in self.began if at > now - 60.0]
        if now < self.closed_until or len(self.began) >= PER_MINUTE:
            return False
        self.began.append(now)
        return True

    def close(self, seconds: float) -> None:
        self.closed_until = self.clock() + max(seconds, THROTTLED_FOR)


@dataclass(frozen=True, slots=True)
class Headlines:
    """Edits of first messages. One that is omitted or fails for now is noted, and edited by the next sweep."""

    threads: AlarmThreads
    stale: StaleHeadlines
    update: Update
    budget: EditBudget = field(default_factory=EditBudget)

    def edit(self, credentials: Credentials, changed: Sequence[AlarmThread], deadline: Deadline) -> None:
        """Edit the first messages of these threads; note those that must wait."""
        ends = deadline.at_most(EDIT_TIME)
        done = changed[:PER_BATCH]
        waiting = [one.key for one in done if not self._edit(credentials, one, ends)]
        self.stale.add([*waiting, *(one.key for one in changed[PER_BATCH:])])

    def defer(self, changed: Sequence[AlarmThread]) -> None:
        """Note all these messages for the next sweep."""
        self.stale.add([one.key for one in changed])

    def sweep(self, find: Callable[[str], Access | Later | ClosedDestination], deadline: Deadline) -> None:
        """Edit the messages that earlier batches did not edit; `find` returns the access to a destination."""
        for key in self.stale.read():
            if deadline.remaining() < EDIT_TIME:
                return
            row, access = self.threads.read_key(key), find(destination_of(key))
            if row is None or isinstance(access, Later):
                return
            is_edited = not isinstance(access, Access) or self._edit(
                access.credentials, row, deadline.at_most(EDIT_TIME)
            )
            self.stale.remove([key])
            if not is_edited or self._has_changed(row):
                self.stale.add([key])  # behind the others
            if not is_edited:
                return

    def _has_changed(self, row: AlarmThread) -> bool:
        """Return whether a lane recorded another change during the edit. If so, this edit may be outdated."""
        now = self.threads.read_key(row.key)
        return now is None or now.row != row.row

    def _edit(self, credentials: Credentials, one: AlarmThread, ends: Deadline) -> bool:
        """Return whether the message needs no further edit."""
        thread = one.thread
        if thread is None or not thread.message or not isinstance(credentials, BotToken):
            return True
        if credentials.channel != thread.channel:
            return True
        if ends.remaining() <= 0.0 or not self.budget.take():
            return False
        try:
            self.update(credentials, format_headline(thread), ends.remaining())
        except SlackRefused as error:
            return self._refused(error)
        except SlackUnreachable:
            return _failed("no_answer", is_final=False)
        return True

    def _refused(self, error: SlackRefused) -> bool:
        kind = error.classification.kind
        if kind is ErrorKind.THROTTLED:
            self.budget.close(error.classification.retry_after or 0.0)
        return _failed(error.classification.code or "", is_final=kind not in PASSING)


def _failed(code: str, *, is_final: bool) -> bool:
    """Count and log an edit that failed; return whether it must not be repeated."""
    count("HeadlinesNotEdited")
    logger.warning("headline not edited", extra={"code": code, "final": is_final})
    return is_final
