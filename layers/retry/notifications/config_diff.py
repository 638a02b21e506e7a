"""The difference between two configurations of a resource, as AWS Config records it, in words."""

from collections.abc import Iterator

from aws_events.loose_json import load
from notifications.body import Body, flatten
from notifications.building import joined
from notifications.hiding import hidden

LIMIT = 100
"""Characters of a value; a policy document is longer."""
LATER = ("Relationships", "SupplementaryConfiguration")
"""Groups that follow from a change of the configuration: they come last."""


def changes_of(diff: Body) -> list[str]:
    """Return `state: available → in-use` of each property that changed; secrets are hidden."""
    changed = diff.at("changedProperties")
    names = sorted(map(str, changed.value), key=lambda name: (name.startswith(LATER), name))
    return [line for name in names for line in _change(name, changed.value.get(name))]


def _change(name: str, change: object) -> Iterator[str]:
    """Yield one line of each value that differs."""
    found = change if isinstance(change, dict) else {}
    before, after = _leaves(found.get("previousValue")), _leaves(found.get("updatedValue"))
    shown = name.removeprefix("Configuration.")
    if before and after:
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key, ""), after.get(key, "")
            if old != new:
                path = f"{shown}.{key}" if key else shown
                yield f"{path}: {_said(path, old)} → {_said(path, new)}"
    elif before or after:
        values = ", ".join(
            joined(_last(key), _said(f"{shown}.{key}", text), by=" ") for key, text in (before or after).items()
        )
        yield f"{shown} {'removed' if before else 'added'}: {_short(values)}"


def _last(path: str) -> str:
    """Return the last name of a path, without the numbers of a list."""
    return next((part for part in reversed(path.split(".")) if not part.isdigit()), "")


def _leaves(value: object) -> dict[str, str]:
    """Return the texts of a value by path; a JSON document in a string is read."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            value = load(value)
        except ValueError:
            return {"": value if isinstance(value, str) else ""}
    return dict(flatten(value))


def _said(path: str, text: str) -> str:
    return _short(hidden(path, text)) if text else "nothing"


def _short(text: str) -> str:
    return text if len(text) <= LIMIT else f"{text[:LIMIT]}…"
