"""The names in the request of an API call: the resource that it acted on."""

import re

from notifications.arns import name_of
from notifications.body import Body, flatten
from notifications.hiding import HIDDEN, hidden

NAMES = re.compile(r"(?i)(name|id|arn|identifier|bucket|key|cidrip)$")
SHOWN = 4
"""Parameters that a message has room for."""


def request_of(detail: Body) -> tuple[tuple[str, str], ...]:
    """Return (parameter, name) of the first parameters that name something; other parameters are not shown."""
    named: dict[str, str] = {}
    for path, text in flatten(detail.at("requestParameters").value):
        key = next((part for part in reversed(path.split(".")) if not part.isdigit()), "")
        said = hidden(path, name_of(text))
        if NAMES.search(key) and HIDDEN not in said:
            named.setdefault(key, said)
    return tuple(named.items())[:SHOWN]
