"""An event of no known kind -> Notification: its known keys become headline, facts and place; the rest is listed."""

import re
from collections.abc import Iterable, Mapping

from aws_events.severity import severity_of
from notifications.arns import name_of
from notifications.body import Body, flatten
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status
from notifications.text import title_of

WORDS_OF_STATE = ("state", "status", "result", "currentstate", "newstate", "eventtype", "action")
WORDS_OF_NAME = ("name", "title", "subject", "resourcename", "displayname", "id", "identifier", "arn")
WORDS_OF_REASON = ("reason", "message", "error", "errormessage", "statusreason", "cause", "description", "summary")
WORDS_OF_SEVERITY = ("severity", "priority", "level")
WORDS_OF_ACCOUNT = ("accountid", "awsaccountid", "account", "owneraccountid", "recipientaccountid")
WORDS_OF_REGION = ("region", "awsregion")
FAILED = re.compile(r"(?i)fail|error|abort|time[d_ -]?out|unhealthy|denied|reject|stopped|alarm|critical|fault|expired")
DONE = re.compile(r"(?i)succe|complete|resolved|healthy|\bok\b|available|recover|passed|closed")
LABEL_LIMIT = 32
"""Characters of a state; a longer text under such a key is no state."""
LISTED = 40
"""Facts in the long text at most."""


def unknown(body: Body) -> Notification:
    """Return the notification of a JSON object without a parser of its own."""
    inner = body.at("detail") if body.has("detail") else body
    values = dict(flatten(inner.value))
    state, reason, name = (_first(values, names) for names in (WORDS_OF_STATE, WORDS_OF_REASON, WORDS_OF_NAME))
    severity = _first(values, WORDS_OF_SEVERITY)
    account, region = _first(values, WORDS_OF_ACCOUNT), _first(values, WORDS_OF_REGION)
    name = name or next(iter(body.texts("resources")), "")
    shown = {state, reason, name, severity, account, region}
    rest = _lines({path: text for path, text in values.items() if text not in shown})
    return notification(
        body,
        status=Status.FIRING if FAILED.search(state) else Status.RESOLVED if DONE.search(state) else Status.NOTICE,
        label=state.upper() if len(state) <= LABEL_LIMIT else "",
        title=joined(body.text("detail-type", "detailType"), name_of(name), by=" ") or title_of(body.record),
        summary=hidden("reason", reason) or ", ".join(rest[:3]),
        reason="\n".join(_lines(values)) if rest else "",
        severity=severity_of(severity),
        severity_word=severity,
        facts=(("Source", body.text("source")),),
        account=account,
        region=region,
    )


def _first(values: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the value of the first of these keys; the shallowest if several have it."""
    by_key: dict[str, str] = {}
    for path in sorted(values, key=lambda path: path.count(".")):
        by_key.setdefault(path.rpartition(".")[2].replace("_", "").replace("-", "").casefold(), values[path])
    return next((by_key[name] for name in names if name in by_key), "")


def _lines(values: Mapping[str, str]) -> list[str]:
    """Return `key in words: value` of each value; secrets are hidden, and it is said what is omitted."""
    lines = [f"{in_words(path)}: {hidden(path, text)}" for path, text in values.items()]
    return lines[:LISTED] + ([f"{len(lines) - LISTED:,} more values"] if len(lines) > LISTED else [])


def in_words(path: str) -> str:
    """Return `launch template name` for detail.launchTemplateName."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]", " ", " ".join(parts[-2:])).casefold()
