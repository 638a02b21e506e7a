"""Checks the promises about threads: an ALARM is in the channel, and a reply is in the thread of its own alarm."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.virtual.conversations import Told
from tests.support.virtual.history import Written
from tests.support.virtual.slack_alerts import SlackAlerts

CHANGE = re.compile(r"(ALARM|OK|INSUFFICIENT_DATA) (\w+): alert-")


@dataclass(frozen=True)
class ThreadOracle:
    """A reader of the channels and of the rows of threads."""

    stack: SlackAlerts

    def violations(self) -> Iterator[str]:
        """Yield a sentence for each broken promise."""
        for one in self.stack.slack.conversations.messages:
            yield from self._check(one)
        for event in self.stack.history.events:
            if isinstance(event.fact, Written) and event.fact.key.startswith("thread#") and event.fact.new is not None:
                facts = json.loads(event.fact.new.facts)
                if self.stack.slack.conversations.find(facts["channel"], facts["ts"]) is None:
                    yield f"{event.at:.2f} s: a row names a message that is in no channel"

    def _check(self, one: Told) -> Iterator[str]:
        changes: list[tuple[str, str]] = CHANGE.findall(one.text)
        if any(state == "ALARM" for state, _ in changes) and not one.is_in_channel:
            yield f"an ALARM is in a thread only: {one.text}"
        if not one.place.thread_ts:
            return
        root = self.stack.slack.conversations.find(one.place.channel, one.place.thread_ts)
        assert root is not None
        if not {alarm for _, alarm in changes} <= {alarm for _, alarm in CHANGE.findall(root.text)}:
            yield f"a reply is in the thread of another alarm: {one.text}"
