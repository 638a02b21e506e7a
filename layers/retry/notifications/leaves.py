"""The values of an event of no known kind, each with the words of its key."""

import re
from dataclasses import dataclass, field

from notifications.body import as_text

GAP = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
DEEPEST, MOST, ELEMENTS = 20, 400, 3
"""Levels, values in all, and elements of each list that are read; the others are counted."""
PEOPLE = frozenset({"customer", "user", "owner", "sender", "author", "requester", "contact", "person", "member"})
"""Words of objects that are people: their names are not the name of the thing."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text, a number or a truth value of an event."""

    path: tuple[str, ...]
    """The keys around it, the last one its own; without the positions in lists."""
    text: str
    is_listed: bool
    """Whether it is inside a list."""

    @property
    def name(self) -> str:
        """The words of its key without gaps: `jobstatus` of jobStatus and of job-status."""
        return "".join(words_of(self.path[-1])) if self.path else ""

    def ends(self, *endings: str) -> bool:
        """Return whether the last word or the last two words of the key are one of these."""
        words = words_of(self.path[-1]) if self.path else []
        return bool(words) and (words[-1] in endings or "".join(words[-2:]) in endings)

    def is_of_a_person(self) -> bool:
        return any(PEOPLE.intersection(words_of(key)) for key in self.path)

    def label(self) -> str:
        """Return `launch template name` for detail.launchTemplateName."""
        return " ".join(word for key in self.path[-2:] for word in words_of(key)) or "value"


def words_of(key: str) -> list[str]:
    return [word.casefold() for word in GAP.split(key) if word]


@dataclass
class Leaves:
    """The values that are not empty, and the number of those that were not read."""

    read: list[Leaf] = field(default_factory=list)
    omitted: int = 0

    def shallow_first(self) -> list[Leaf]:
        """Return those outside lists before those inside, and the shallow ones first."""
        return sorted(self.read, key=lambda leaf: (leaf.is_listed, len(leaf.path)))

    def add(self, value: object, path: tuple[str, ...] = (), depth: int = DEEPEST, *, is_listed: bool = False) -> None:
        if isinstance(value, dict) and depth:
            for key, one in value.items():
                self.add(one, (*path, str(key)), depth - 1, is_listed=is_listed)
        elif isinstance(value, list) and depth:
            for one in value[:ELEMENTS]:
                self.add(one, path, depth - 1, is_listed=True)
            self.omitted += len(value[ELEMENTS:])
        elif len(self.read) < MOST and (text := as_text(value)):
            self.read.append(Leaf(path, text, is_listed))
        elif value not in (None, "", {}, []):
            self.omitted += 1


def read_leaves(value: object) -> Leaves:
    leaves = Leaves()
    leaves.add(value)
    return leaves
