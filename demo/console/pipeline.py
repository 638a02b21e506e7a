"""The state of the pipeline for the page: depths, lanes, and counters that add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from demo.books import Books
from demo.ledger import Ledger
from demo.queues import Queues

type State = dict[str, object]

PLACES = ("parked", "alerts_dead", "lanes_dead", "alerts", "lanes")
"""Queues in rising precedence: an alert that is moved is in two queues for a moment."""
MOVES = 60
"""Moves of one look that are shown."""


def totals(ledger: Ledger) -> dict[str, int]:
    """Return the counters: published = delivered + in line + parked + dead + lost."""
    found = ledger.totals()
    return {
        "published": len(ledger.entries),
        "delivered": found["delivered"],
        "in_line": found["in_flight"],
        "parked": found["parked"],
        "dead": found["dead_lettered"],
        "lost": found["lost"],
        "self_tests": sum(one.end == "passed" for one in ledger.self_tests),
        "skipped": sum(one.end == "skipped" for one in ledger.skipped),
        "copies": ledger.copies,
        "posted_twice": ledger.duplicates,
    }


def lanes(channels: Iterable[str], queues: Queues, books: Books, now: float) -> list[State]:
    """Return each channel with its waiting alerts, the age of the oldest in seconds, and its posts."""
    waiting, posts = queues.by_lane(), books.posts_by_channel
    return [
        {
            "name": name,
            "waiting": len(ids := waiting.get(name, [])),
            "oldest": round(max([0.0, *(now - books.published_at(one) for one in ids)])),
            "posts": posts[name],
        }
        for name in dict.fromkeys([*channels, *waiting, *posts])
    ]


@dataclass
class Moves:
    """The place of each alert at the last look."""

    places: dict[str, str] = field(default_factory=dict)

    def look(self, books: Books, queues: Queues) -> list[Mapping[str, object]]:
        """Return the alerts that changed their place since the last look, each with both places."""
        now: dict[str, str] = {}
        for name in PLACES:
            now |= dict.fromkeys(queues.ids(name), name)
        now |= dict.fromkeys(books.posted_ids(), "slack")
        known = {alert.id: now.get(alert.id) or self.places.get(alert.id, "topic") for alert in books.alerts()}
        moves: list[Mapping[str, object]] = [
            {"from": before, "to": place}
            for one, place in known.items()
            if (before := self.places.get(one, "topic")) != place
        ]
        self.places = known
        return moves[:MOVES]
