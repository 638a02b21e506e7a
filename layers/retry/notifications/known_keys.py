"""The known keys of an event of no known kind: its state, name, reason, severity, account and Region."""

import re
from collections.abc import Iterable, Sequence

from aws_events.severity import Severity, severity_of
from notifications.leaves import Leaf
from notifications.models import Status
from notifications.negation import is_negated

FAILED = re.compile(
    r"(?i)fail|error|abort|time[d_ -]?out|unhealthy|denied|reject|stopped|alarm|critical|fault|expired|firing|trigger"
    r"|alert|\bdown\b|unreachable|degraded|rolled.?back|rollback|exceeded|breach|violation|lost|crash|killed|emergency|disconnect"
    r"|offline|blocked|throttl|suspended|\bstatus [45]\d\d\b"
)
DONE = re.compile(
    r"(?i)succe|complete|resolved|healthy|available|recover|\b(?:passed|closed|ok|up|good|ready|alive|connected)\b"
)
STATES = ("state", "status", "result", "conclusion", "outcome", "health")
EVENTS = ("event", "eventtype", "eventname", "action", "type", "transition")
"""Keys of events. Their text is the state if there is no other, or if it names a failure."""
SWITCHES = ("healthy", "success", "successful", "ok", "passed", "connected", "ready", "alive", "up", "available")
"""Keys of truth values: yes means that the thing works."""
NAMES, TITLES, IDS = ("name", "displayname"), ("title", "subject"), ("id", "identifier", "arn")
CODES, FAILED_CODE = ("statuscode", "httpstatus", "responsecode"), re.compile(r"[45]\d\d")
"""Keys of HTTP statuses, and those that are errors."""
ENVELOPE = ("request", "event", "trace", "correlation", "message", "session", "span", "transaction", "version")
"""Beginnings of keys that identify the event or the request, not the thing."""
REASONS = ("reason", "message", "error", "cause", "description", "summary", "body", "culprit", "details", "text")
SEVERITIES = ("severity", "priority", "level", "urgency", "criticality", "alerttype")
ACCOUNTS = ("accountid", "awsaccountid", "account", "owneraccountid", "recipientaccountid")
REGIONS = ("region", "awsregion")
NO_ERROR = {"no", "yes", "none", "null", "no error", "n/a", "ok"}
LABEL_LIMIT = 32
"""Characters of a state; a longer text under such a key is no state."""


def state_of(leaves: Sequence[Leaf]) -> str:
    """Return the worst state: one that names a failure, else the first one, else the key of a truth value."""
    states = [leaf.text for leaf in leaves if leaf.ends(*STATES) and _is_word(leaf.text)]
    events = [leaf.text for leaf in leaves if leaf.name in EVENTS and _is_word(leaf.text)]
    bad = next((text for text in (*states, *events) if _is_bad(_spaced(text))), "")
    switches = [leaf for leaf in leaves if leaf.ends(*SWITCHES) and leaf.text in {"yes", "no"}]
    codes = (f"status {leaf.text}" for leaf in leaves if leaf.ends(*CODES) and FAILED_CODE.fullmatch(leaf.text))
    off = next((f"not {_last(leaf)}" for leaf in switches if leaf.text == "no"), "")
    return next(filter(None, (bad, off, *codes, *states, *map(_last, switches), *events)), "")


def has_error(leaves: Sequence[Leaf]) -> bool:
    """Return whether a key of errors has a text, regardless of the state."""
    errors = (leaf.text for leaf in leaves if leaf.ends("error", "errormessage", "exception", "failurereason"))
    return any(re.search(r"[^\W\d_]{2}", text) and text.casefold() not in NO_ERROR for text in errors)


def status_of(state: str, headline: str, severity: Severity | None) -> Status:
    """Return the status by the state, else by the words of the headline, else by the severity."""
    for text in map(_spaced, (state, headline)):
        if _is_bad(text):
            return Status.FIRING
        if DONE.search(text):
            return Status.RESOLVED
    return Status.FIRING if severity in {Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM} else Status.NOTICE


def name_of_thing(leaves: Sequence[Leaf]) -> str:
    """Return the shallowest name or title, else an id; not the name of a person and not one of many in a list."""
    things = [leaf for leaf in leaves if not leaf.is_listed and not leaf.is_of_a_person()]
    things = [leaf for leaf in things if not leaf.name.startswith(ENVELOPE)]
    named = [leaf for endings in (NAMES, TITLES) for leaf in things if leaf.ends(*endings)]
    ids = [leaf for leaf in things if leaf.ends(*IDS)]
    return next((leaf.text for leaf in (*sorted(named, key=lambda leaf: len(leaf.path)), *ids)), "")


def reason_of(leaves: Sequence[Leaf]) -> str:
    """Return the first text under a key of reasons; it must have two letters in a row."""
    texts = [leaf for leaf in leaves if re.search(r"[^\W\d_]{2}", leaf.text) and leaf.text not in {"yes", "no"}]
    return next((leaf.text for word in REASONS for leaf in texts if leaf.ends(word)), "")


def severity_word(leaves: Sequence[Leaf]) -> str:
    """Return the first word that is a severity, else the first one under such a key."""
    words = [leaf.text for leaf in leaves if leaf.ends(*SEVERITIES) and len(leaf.text) <= LABEL_LIMIT]
    return next((word for word in words if severity_of(word)), next(iter(words), ""))


def place_of(leaves: Sequence[Leaf], names: Iterable[str]) -> str:
    return next((leaf.text for name in names for leaf in leaves if leaf.name == name and not leaf.is_listed), "")


def _is_word(text: str) -> bool:
    return len(text) <= LABEL_LIMIT and re.search(r"[^\W\d_]", text) is not None and text not in {"yes", "no"}


def _is_bad(text: str) -> bool:
    return FAILED.search(text) is not None or text.startswith("not ") or is_negated(text)


def _spaced(text: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_.-]", " ", text)


def _last(leaf: Leaf) -> str:
    return leaf.label().rpartition(" ")[2]
