"""A document of the parameter store -> its entries; where it cannot be used, those of the last good one."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from aws_events.strict_json import Invalid
from configuration.stores import Store, Unreadable, read_stored
from observability.telemetry import logger
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock

KEPT = 300.0
"""Seconds until the document is read again."""
KEPT_AFTER_TROUBLE = 60.0
"""Seconds until it is read again where it could not be used."""
READ_TIME = 2.0
"""Seconds after which no attempt to read it starts: the records need the time."""


class Trouble(Enum):
    """Why the document that is stored does not decide."""

    MISSING = "missing"
    """It was there before, or must be there."""
    INVALID = "invalid"
    UNREADABLE = "unreadable"


@dataclass(slots=True)
class Known[T]:
    """Of the last good document; none where there never was one and need not be, None where nobody could tell yet."""

    entries: tuple[T, ...] | None = None
    until: float = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document[T](ABC):
    """A list of entries in a parameter, as it stands there."""

    must_exist: ClassVar[bool] = False
    """Whether a stack that never had one is not as it should be."""
    store: Store
    parameter: str
    policy: RetryPolicy
    on_trouble: Callable[[Trouble], None]
    clock: Clock = time.monotonic
    known: Known[T] = field(default_factory=Known)

    @abstractmethod
    def parse(self, text: str) -> tuple[T, ...]:
        """Raises Invalid."""

    def entries(self, deadline: Deadline) -> tuple[T, ...] | None:
        """Of the document as it is; where it cannot be used, of the last good one; None where none was ever known."""
        if self.clock() >= self.known.until:
            trouble = self._learn(deadline)
            self.known.until = self.clock() + (KEPT if trouble is None else KEPT_AFTER_TROUBLE)
            if trouble is not None:
                self.on_trouble(trouble)
        return self.known.entries

    def _learn(self, deadline: Deadline) -> Trouble | None:
        """Learn the document, or say why not, once in the log too."""
        try:
            stored = read_stored(self.store, self.parameter, self.policy, deadline.at_most(READ_TIME))
            if stored is not None:
                self.known.entries = self.parse(stored.text)
                return None
            if not self.must_exist and not self.known.entries:
                self.known.entries = ()
                return None
            trouble, problem = Trouble.MISSING, "there is none"
        except Unreadable as error:
            trouble, problem = Trouble.UNREADABLE, str(error)
        except Invalid as error:
            trouble, problem = Trouble.INVALID, str(error)
        facts = {"parameter": self.parameter, "trouble": trouble.value, "problem": problem}
        logger.error("document not used", extra=facts)
        return trouble
