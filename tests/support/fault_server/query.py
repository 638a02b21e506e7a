"""The query of a behaviour's path. An unknown name is an error: a misspelt one would silently change a test."""

from urllib.parse import parse_qs


class Query:
    def __init__(self, text: str) -> None:
        self._values = parse_qs(text, keep_blank_values=True)

    def texts(self, name: str) -> list[str]:
        return self._values.pop(name, [])

    def text(self, name: str, default: str = "") -> str:
        return (self.texts(name) or [default])[-1]

    def number(self, name: str, default: float) -> float:
        return float(self.text(name, str(default)))

    def count(self, name: str, default: int) -> int:
        return int(self.text(name, str(default)))

    def finish(self) -> None:
        """Raise ValueError for names that were not read."""
        if self._values:
            raise ValueError(f"the behaviour does not know {', '.join(sorted(self._values))}")
