"""Classifications: whether another attempt may help after an error."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

logger = logging.getLogger("retry_policies")


class ErrorKind(Enum):
    """Whether another attempt may help."""

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
    """An error's kind and facts for the policy."""

    kind: ErrorKind
    retry_after: float | None = None
    """Seconds that the other side asked us to wait: a lower bound."""
    code: str = ""
    """A status or a known code, for logs; never text from outside."""
    answered: bool = True
    """False if the request may have been sent and no status came back."""
    once: bool = False
    """Whether only one more attempt is worth it."""

    def __post_init__(self) -> None:
        if not isinstance(self.kind, ErrorKind):
            raise TypeError(f"kind must be an ErrorKind, not a {type(self.kind).__name__}")
        if not (self.retry_after is None or isinstance(self.retry_after, int | float)):
            raise TypeError(f"retry_after must be seconds or None, not a {type(self.retry_after).__name__}")
        if not isinstance(self.code, str):
            raise TypeError(f"code must be a name, not a {type(self.code).__name__}")


DEFERRED = 60.0
"""The retry_after, in seconds, of errors that pass in minutes although the other side named no time. It is longer than
any pause slept in the process: the policy stops, and a queue waits."""

UNKNOWN = Classification(ErrorKind.PERMANENT, code="unknown")
"""An error that no classifier handles is a bug of ours: it must surface at once."""

type Classifier = Callable[[BaseException], Classification | None]
"""error -> its classification, or None if the classifier does not know it."""


def first_of(*classifiers: Classifier) -> Classifier:
    """Return a classifier that asks these in turn until one classifies the error."""

    def classify(error: BaseException) -> Classification | None:
        for classifier in classifiers:
            if (classification := classifier(error)) is not None:
                return classification
        return None

    return classify


def classify_safely(classifier: Classifier, error: Exception) -> Classification:
    """Return the error's classification; UNKNOWN if the classifier has none or fails, so that the error surfaces.

    Log types only: a traceback would show the error, which may show a URL.
    """
    try:
        answer: object = classifier(error)
    except Exception as problem:  # noqa: BLE001 - see above
        logger.error("a classifier raised", extra={"error": type(problem).__name__})  # noqa: TRY400 - see above
        return UNKNOWN
    if answer is None:
        return UNKNOWN
    if isinstance(answer, Classification):
        return answer
    logger.error("a classifier gave no classification", extra={"error": type(answer).__name__})
    return UNKNOWN
