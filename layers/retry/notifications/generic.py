"""An event of no known kind -> Notification: its known keys become headline, facts and place; the rest is listed."""

from collections.abc import Iterator, Sequence

from aws_events.severity import severity_of
from notifications.arns import name_of, with_names
from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.known_keys import (
    ACCOUNTS,
    REGIONS,
    has_error,
    name_of_thing,
    place_of,
    reason_of,
    severity_word,
    state_of,
    status_of,
)
from notifications.leaves import Leaf, read_leaves
from notifications.models import Notification, Status
from notifications.text import title_of

SAID, FACTS, LISTED = 3, 8, 40
"""Values in the line, values with a field of their own, and other values in the long text."""
VALUE_LIMIT, LINE_LIMIT = 120, 250
"""Characters of a value, and of the reason, in the line or in a field; the long text has more."""


def unknown(body: Body) -> Notification:
    """Return the notification of a JSON object without a parser of its own."""
    leaves = read_leaves(body.inner("detail").value if body.has("detail") else body.value)
    ordered = leaves.shallow_first()
    state, name, reason, word = (of(ordered) for of in (state_of, name_of_thing, reason_of, severity_word))
    account, region = place_of(ordered, ACCOUNTS), place_of(ordered, REGIONS)
    kind, severity = body.text("detail-type", "detailType"), severity_of(word)
    name = name or next(iter(body.texts("resources")), "")
    said = {state, reason, name, word, account, region}
    rest = [leaf for leaf in leaves.read if leaf.text not in said]
    label, why = _hidden(("state",), state).upper(), _hidden(("reason",), reason)
    return notification(
        body,
        status=Status.FIRING if has_error(ordered) else status_of(state, kind or body.record.subject, severity),
        label=label or word.upper(),
        title=joined(kind, _short(_hidden(("name",), name_of(name))), by=" ") or title_of(body.record),
        summary=_short(why, LINE_LIMIT) or ", ".join(map(_said, rest[:SAID])) or ("" if ordered else "no values"),
        reason="\n".join((*((why,) if len(why) > LINE_LIMIT else ()), *_lines(rest[FACTS:], leaves.omitted))),
        severity=severity,
        severity_word=word,
        facts=(
            ("Source", body.text("source")),
            *((leaf.label(), _short(_shown(leaf))) for leaf in rest[:FACTS]),
            ("Hidden", _hidden_count(leaves.read)),
        ),
        account=account,
        region=region,
    )


def _hidden(path: tuple[str, ...], text: str) -> str:
    return hidden(".".join(path), text)


def _shown(leaf: Leaf) -> str:
    return with_names(_hidden(leaf.path, leaf.text))


def _said(leaf: Leaf) -> str:
    return f"{leaf.label()}: {_short(_shown(leaf))}"


def _short(text: str, limit: int = VALUE_LIMIT) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _lines(leaves: Sequence[Leaf], omitted: int) -> Iterator[str]:
    """Yield `key in words: value` of each value, and the number of those that are not shown."""
    yield from (f"{leaf.label()}: {_shown(leaf)}" for leaf in leaves[:LISTED])
    more = omitted + len(leaves[LISTED:])
    if more:
        yield f"{more:,} more values"


def _hidden_count(leaves: Sequence[Leaf]) -> str:
    """Return how many values look secret or personal; "" for none."""
    number = sum(_hidden(leaf.path, leaf.text) != leaf.text for leaf in leaves)
    return f"{number:,} {'value' if number == 1 else 'values'} that may be secret or personal" if number else ""
