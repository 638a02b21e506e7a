"""What an error says about another attempt. Classifiers judge, policies repeat."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class ErrorKind(Enum):
    """The four answers to «may it be tried again?»."""

    TRANSIENT = "TRANSIENT"
    """Another attempt may help."""
    THROTTLED = "THROTTLED"
    """Transient, and the other side asked us to slow down."""
    AMBIGUOUS = "AMBIGUOUS"
    """It may have taken effect: repeat only what may be repeated."""
    PERMANENT = "PERMANENT"
    """Another attempt cannot help."""


@dataclass(frozen=True, slots=True)
class Classification:
    """An error's kind, and what else the other side said about it."""

    kind: ErrorKind
    retry_after: float | None = None
    """Seconds the other side asked us to wait: a lower bound."""
    code: str = ""
    """The error's name, for logs: a status or a known code, never text from outside."""
    answered: bool = True
    """False when the request went out and no status came back."""
    once: bool = False
    """One more attempt is worth it, a third is not."""

    def __post_init__(self) -> None:
        """TypeError that names the field, where it is made: a policy could make nothing of it."""
        if not isinstance(self.kind, ErrorKind):
            raise TypeError(f"kind must be an ErrorKind, not a {type(self.kind).__name__}")
        if not (self.retry_after is None or isinstance(self.retry_after, int | float)):
            raise TypeError(f"retry_after must be seconds or None, not a {type(self.retry_after).__name__}")
        if not isinstance(self.code, str):
            raise TypeError(f"code must be a name, not a {type(self.code).__name__}")


DEFERRED = 60.0
"""The retry_after, in seconds, of what passes in minutes though nobody said when: more than any pause slept in the
process, so that a policy stops and hands it on."""

type Classifier = Callable[[BaseException], Classification | None]
"""error -> its classification, or None for «not mine»."""


def first_of(*classifiers: Classifier) -> Classifier:
    """The first classifier that knows the error decides."""

    def classify(error: BaseException) -> Classification | None:
        for classifier in classifiers:
            if (classification := classifier(error)) is not None:
                return classification
        return None

    return classify
