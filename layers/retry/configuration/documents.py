"""A cached document of the parameter store. While it is unusable, the last valid one stays in force."""

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

CACHE_TIME = 300.0
"""Seconds until the document is read again."""
CACHE_TIME_AFTER_TROUBLE = 60.0
"""Seconds until an unusable document is read again."""
READ_TIME = 2.0
"""Seconds after which no attempt to read it starts: the records need the time."""


class Trouble(Enum):
    """The reasons that a stored document is unusable."""

    MISSING = "missing"
    """The parameter is gone, or is required and was never created."""
    INVALID = "invalid"
    UNREADABLE = "unreadable"


@dataclass(slots=True)
class Cached[T]:
    """The entries of the last valid document; `()` if none is required, None if none was ever read."""

    entries: tuple[T, ...] | None = None
    until: float = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document[T](ABC):
    """A parameter with a list of entries."""

    must_exist: ClassVar[bool] = False
    """Whether a parameter that has never existed counts as trouble."""
    store: Store
    parameter: str
    policy: RetryPolicy
    on_trouble: Callable[[Trouble], None]
    clock: Clock = time.monotonic
    cached: Cached[T] = field(default_factory=Cached)

    @abstractmethod
    def parse(self, text: str) -> tuple[T, ...]:
        """Return the entries of the text. Raise Invalid."""

    def entries(self, deadline: Deadline) -> tuple[T, ...] | None:
        """Return the entries of the last valid document; `()` if none is required, None if none was ever read."""
        if self.clock() >= self.cached.until:
            trouble = self._refresh(deadline)
            self.cached.until = self.clock() + (CACHE_TIME if trouble is None else CACHE_TIME_AFTER_TROUBLE)
            if trouble is not None:
                self.on_trouble(trouble)
        return self.cached.entries

    def _refresh(self, deadline: Deadline) -> Trouble | None:
        """Read the document into the cache; log and return the trouble if it is unusable."""
        try:
            stored = read_stored(self.store, self.parameter, self.policy, deadline.at_most(READ_TIME))
            if stored is not None:
                self.cached.entries = self.parse(stored.text)
                return None
            if not self.must_exist and not self.cached.entries:
                self.cached.entries = ()
                return None
            trouble, problem = Trouble.MISSING, "there is none"
        except Unreadable as error:
            trouble, problem = Trouble.UNREADABLE, str(error)
        except Invalid as error:
            trouble, problem = Trouble.INVALID, str(error)
        facts = {"parameter": self.parameter, "trouble": trouble.value, "problem": problem}
        logger.error("document not used", extra=facts)
        return trouble
