"""A row of the table of kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from notifications.body import Body
from notifications.matching import Matcher
from notifications.models import Notification


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of event."""

    name: str
    matches: Matcher
    parser: str
    """module.function below `notifications`."""
    samples: tuple[str, ...]
    """Files in events/kinds/."""

    def load(self) -> Callable[[Body], Notification]:
        """Import the module and return the parser."""
        module, _, function = self.parser.partition(".")
        parser: Callable[[Body], Notification] = getattr(import_module(f"notifications.{module}"), function)
        return parser
