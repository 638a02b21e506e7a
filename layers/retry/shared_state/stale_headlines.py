"""The keys of threads whose first message shows an old state, in one row."""

from collections.abc import Collection
from dataclasses import dataclass

from shared_state.index_row import IndexRow

MOST = 500
"""The most keys in the row. Further ones are dropped; the next change of such an alarm edits its message."""


@dataclass(frozen=True, slots=True)
class StaleHeadlines:
    """The keys, the oldest first."""

    index: IndexRow

    def read(self) -> list[str]:
        return _keys(self.index.read())

    def add(self, keys: Collection[str]) -> None:
        if keys:
            self.index.change(lambda known: [*dict.fromkeys([*_keys(known), *keys])][:MOST])

    def remove(self, keys: Collection[str]) -> None:
        if keys:
            self.index.change(lambda known: [key for key in _keys(known) if key not in keys])


def _keys(value: object) -> list[str]:
    return [key for key in value if isinstance(key, str)] if isinstance(value, list) else []
