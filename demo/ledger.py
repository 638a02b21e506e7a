"""What became of every alert: each end counted for itself, and lost is whatever has no end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Alert:
    """One alert as SNS published it; `id` is SNS's, and stays the same however often SQS delivers it."""

    id: str
    name: str
    state: str

    @property
    def label(self) -> str:
        """How a post names it: an alarm that recovers is another alert of the same name."""
        return f"{self.state} {self.name}".strip()


@dataclass(frozen=True)
class Entry:
    """One alert and where it was seen; a healthy one has exactly one end."""

    alert: Alert
    posts: int = 0
    is_parked: bool = False
    is_dead_lettered: bool = False
    is_in_flight: bool = False

    @property
    def ends(self) -> tuple[str, ...]:
        """Every place where it was seen; none at all is `lost`."""
        seen = {
            "delivered": self.posts > 0,
            "parked": self.is_parked,
            "dead_lettered": self.is_dead_lettered,
            "in_flight": self.is_in_flight,
        }
        return tuple(end for end, is_seen in seen.items() if is_seen) or ("lost",)


@dataclass(frozen=True)
class Ledger:
    """The books of one run."""

    entries: tuple[Entry, ...]

    def count(self, end: str) -> int:
        """Count the alerts that have this end."""
        return sum(end in entry.ends for entry in self.entries)

    @property
    def duplicates(self) -> int:
        """Posts beyond the first of their alert."""
        return sum(max(0, entry.posts - 1) for entry in self.entries)

    @property
    def is_balanced(self) -> bool:
        """Return whether published = delivered + parked + dead-lettered + in flight + lost: no alert has two ends."""
        return len(self.entries) == sum(map(self.count, ENDS))

    @property
    def is_safe(self) -> bool:
        """Return whether every alert has an end, has one only, and is there already."""
        return self.is_balanced and not self.count("lost") and not self.count("in_flight")

    def troubles(self, expected: Mapping[str, str], *, repeated: Collection[str] = ()) -> list[str]:
        """What differs from the end that each label should have, or from one post: two, for those that are repeated."""
        known = {entry.alert.label: entry for entry in self.entries}
        troubles = [f"{label}: never published" for label in expected if label not in known]
        for label, entry in known.items():
            posts = 2 if label in repeated else 1
            if label in expected and entry.ends != (expected[label],):
                troubles.append(f"{label}: {' and '.join(entry.ends)}")
            elif "delivered" in entry.ends and entry.posts != posts:
                troubles.append(f"{label}: posted {entry.posts} times in place of {posts}")
        return troubles

    def summary(self) -> dict[str, int]:
        """The last line of a run."""
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
    """Alerts, the posts that Slack accepted (each shows the ids of its alerts), and the ids in each queue -> ledger."""
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
