"""The status that a message of a database service means. RDS, ElastiCache, DMS and Redshift name no state."""

import re

from notifications.models import Status
from notifications.negation import is_negated

BAD = re.compile(
    r"(?i)fail(?!ed over|over)|error|low storage|out of|shutdown|recovery of|crash|incompatible|cannot|could not|lost"
    r"|\bfull\b(?! load)|exhausted|impaired|limit reached"
)
GOOD = re.compile(r"(?i)complete|restarted|recovered|available|finished|back to normal|restored|has started")


def status_of(message: str, *, is_failure: bool = False) -> Status:
    """Return the status that a message means; `is_failure` if the event says so itself."""
    has_ended = re.search(r"(?i)recovery of .*complete", message) is not None
    is_bad = BAD.search(message) is not None or is_negated(message)
    if is_failure or (is_bad and not has_ended):
        return Status.FIRING
    return Status.RESOLVED if GOOD.search(message) else Status.NOTICE


def lowered(message: str) -> str:
    """Return the message as it stands after a colon: without its capital and its full stop."""
    text = " ".join(message.split()).rstrip(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
