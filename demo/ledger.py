"""The ends of all alerts of a run; an alert without an end is lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Alert:
    """An alert as SNS published it; `id` is its SNS id, the same at each receive."""

    id: str
    name: str
    state: str

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
        """Return every place where the alert was found, or `lost`."""
        found = {
            "delivered": self.posts > 0,
            "parked": self.is_parked,
            "dead_lettered": self.is_dead_lettered,
            "in_flight": self.is_in_flight,
        }
        return tuple(end for end, is_found in found.items() if is_found) or ("lost",)


@dataclass(frozen=True)
class Ledger:
    entries: tuple[Entry, ...]

    def count(self, end: str) -> int:
        """Return the number of alerts with this end."""
        return sum(end in entry.ends for entry in self.entries)

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
            {"published": len(self.entries)} | {end: self.count(end) for end in ENDS} | {"duplicates": self.duplicates}
        )


ENDS = ("delivered", "parked", "dead_lettered", "in_flight", "lost")


def balance(
    published: Sequence[Alert],
    *,
    posts: Sequence[str],
    dead_lettered: Collection[str],
    in_flight: Collection[str],
    parked: Collection[str] = (),
) -> Ledger:
    """Return the ledger of these alerts, from the accepted posts, which show SNS ids, and the SNS ids in the queues."""
    return Ledger(
        tuple(
            Entry(
                alert,
                posts=sum(alert.id in post for post in posts),
                is_parked=alert.id in parked,
                is_dead_lettered=alert.id in dead_lettered,
                is_in_flight=alert.id in in_flight,
            )
            for alert in published
        )
    )
