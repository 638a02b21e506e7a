"""The ends of all alerts of a run; an alert without an end is lost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

ENDS = ("delivered", "parked", "dead_lettered", "in_flight", "lost")
PASSED = "passed"
"""The end of a self-test, which is never posted."""
SKIPPED = "skipped"
"""The end of a message that is no alert, such as the test event of S3."""


@dataclass(frozen=True)
class Alert:
    """An alert as SNS published it; `id` is its SNS id, the same at each receive."""

    id: str
    name: str
    state: str
    identity: str = ""
    """The same for every copy of the alert, whatever its SNS id."""
    is_self_test: bool = False
    is_skipped: bool = False
    """Whether intake counts the message and posts nothing."""
    published_at: float = 0.0

    @property
    def label(self) -> str:
        """Return state and name, as a post shows them."""
        return f"{self.state} {self.name}".strip()


@dataclass(frozen=True)
class Entry:
    """An alert and the places where it was found: exactly one, if all is well."""

    alert: Alert
    posts: int = 0
    is_parked: bool = False
    is_dead_lettered: bool = False
    is_in_flight: bool = False

    @property
    def ends(self) -> tuple[str, ...]:
        """Return every place where the alert was found, or `lost`; only an alert can be lost."""
        found = {
            "delivered": self.posts > 0,
            "parked": self.is_parked,
            "dead_lettered": self.is_dead_lettered,
            "in_flight": self.is_in_flight,
        }
        nowhere = PASSED if self.alert.is_self_test else SKIPPED if self.alert.is_skipped else "lost"
        return tuple(end for end, is_found in found.items() if is_found) or (nowhere,)

    @property
    def end(self) -> str:
        """Return one end: delivered, else in flight, as an alert is while a redrive returns it, else the only one."""
        return next((end for end in ("delivered", "in_flight") if end in self.ends), self.ends[0])


@dataclass(frozen=True)
class Ledger:
    entries: tuple[Entry, ...]
    self_tests: tuple[Entry, ...] = ()
    skipped: tuple[Entry, ...] = ()
    copies: int = 0
    """SNS messages that repeat a published alert."""

    def count(self, end: str) -> int:
        """Return the number of alerts with this end."""
        return sum(end in entry.ends for entry in self.entries)

    def totals(self) -> dict[str, int]:
        """Return the number of alerts by their one end; they add up to all alerts."""
        ends = [entry.end for entry in self.entries]
        return {end: ends.count(end) for end in ENDS}

    @property
    def duplicates(self) -> int:
        """Return the number of posts beyond the first of each alert."""
        return sum(max(0, entry.posts - 1) for entry in self.entries)

    @property
    def is_balanced(self) -> bool:
        """Return whether published = delivered + parked + dead-lettered + in flight + lost: no alert has two ends."""
        return len(self.entries) == sum(map(self.count, ENDS))

    @property
    def is_safe(self) -> bool:
        """Return whether each alert has exactly one end and none is in flight."""
        return self.is_balanced and not self.count("lost") and not self.count("in_flight")

    def deviations(self, expected: Mapping[str, str], *, repeated: Collection[str] = ()) -> list[str]:
        """Describe each alert that differs from its expected end or from its one post, or two if it is repeated."""
        known = {entry.alert.label: entry for entry in self.entries}
        deviations = [f"{label}: never published" for label in expected if label not in known]
        for label, entry in known.items():
            posts = 2 if label in repeated else 1
            if label in expected and entry.ends != (expected[label],):
                deviations.append(f"{label}: {' and '.join(entry.ends)}")
            elif "delivered" in entry.ends and entry.posts != posts:
                deviations.append(f"{label}: posted {entry.posts} times instead of {posts}")
        return deviations

    def summary(self) -> dict[str, int]:
        """Return the numbers that a run prints last."""
        return (
            {"published": len(self.entries)}
            | {end: self.count(end) for end in ENDS}
            | {"duplicates": self.duplicates, "self_tests": len(self.self_tests)}
        )
