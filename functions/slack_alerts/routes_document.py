"""The text of the routes document -> routes (docs/routes.md). What it does not know it refuses: a typo must be seen."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from slack_alerts.models import Json, Kind, Status
from slack_alerts.routes import Match, Route

LIMIT = 4096
"""Bytes; what a standard SSM parameter holds."""
DESTINATION = re.compile(r"[a-z0-9-]{1,64}")
TOPIC = re.compile(r"([A-Za-z0-9_-]{1,256}|arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})")
ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
ALARM = re.compile(r"(?s).{1,255}")
SEVERITY = re.compile(r"[A-Za-z0-9._ -]{1,64}")
MENTION = re.compile(r"here|channel|everyone|[UWS][A-Z0-9]{2,20}")
STATES = {"ALARM": Status.FIRING, "OK": Status.RESOLVED, "INSUFFICIENT_DATA": Status.NO_DATA} | {
    status.value: status for status in Status
}
"""CloudWatch's words, and ours, which every source has."""
KINDS = {kind.value: kind for kind in Kind}
SHOWN = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""Names of fields that an error may show: others could be anything, a pasted secret too."""


class RoutesError(ValueError):
    """The document cannot be used; the message names the field and the rule, and shows no value."""


def parse_routes(text: str) -> tuple[Route, ...]:
    """The routes of a document, in their order; raises RoutesError."""
    if len(text.encode(errors="surrogatepass")) > LIMIT:
        raise RoutesError(f"the document must be at most {LIMIT} bytes, what a standard SSM parameter holds")
    routes = Fields.of(_json(text), "", known=["routes"], required=["routes"]).values["routes"]
    if not isinstance(routes, list):
        raise RoutesError("routes: must be a list")
    return tuple(_route(value, f"routes[{index}]") for index, value in enumerate(routes))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one object of the document, and where it stands in it."""

    values: dict[str, Json]
    where: str

    @classmethod
    def of(cls, value: Json, where: str, *, known: list[str], required: list[str]) -> "Fields":
        """An object with these fields and no other."""
        if not isinstance(value, dict):
            raise RoutesError(f"{where or 'the document'}: must be an object")
        made = cls(value, where)
        for name in value:
            if name not in known:
                shown = name if SHOWN.fullmatch(name) else "?"
                raise RoutesError(f"{made.at(shown)}: is not a field; there are {', '.join(known)}")
        for name in required:
            if name not in value:
                raise RoutesError(f"{made.at(name)}: is missing")
        return made

    def at(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def text(self, name: str, pattern: re.Pattern[str], rule: str) -> str | None:
        """The field's text, or None where it is not given."""
        if name not in self.values:
            return None
        value = self.values[name]
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise RoutesError(f"{self.at(name)}: must be {rule}")
        return value

    def choice[T](self, name: str, choices: Mapping[str, T]) -> T | None:
        """What the field's text stands for, or None where it is not given."""
        if name not in self.values:
            return None
        value = self.values[name]
        if not isinstance(value, str) or value not in choices:
            raise RoutesError(f"{self.at(name)}: must be one of {', '.join(choices)}")
        return choices[value]


def _route(value: Json, where: str) -> Route:
    route = Fields.of(value, where, known=["match", "destination", "mention"], required=["match", "destination"])
    destination = route.text("destination", DESTINATION, "the name of a destination: 1 to 64 of a-z, 0-9 and '-'")
    mention = route.text("mention", MENTION, "here, channel, everyone, or the id of a user (U…, W…) or user group (S…)")
    return Route(_match(route.values["match"], route.at("match")), destination or "", _markup(mention))


def _match(value: Json, where: str) -> Match:
    match = Fields.of(value, where, known=[field.name for field in fields(Match)], required=[])
    return Match(
        topic=match.text("topic", TOPIC, "the name or the ARN of a topic"),
        account=match.text("account", ACCOUNT, "12 digits, in quotes"),
        region=match.text("region", REGION, "the code of a Region, like eu-west-1"),
        alarm=match.text("alarm", ALARM, "a pattern of 1 to 255 characters, like checkout-*"),
        state=match.choice("state", STATES),
        severity=match.text("severity", SEVERITY, "a word of the source, like HIGH"),
        kind=match.choice("kind", KINDS),
    )


def _markup(mention: str | None) -> str:
    match (mention or "")[:1]:
        case "":
            return ""
        case "U" | "W":
            return f"<@{mention}>"
        case "S":
            return f"<!subteam^{mention}>"
        case _:
            return f"<!{mention}>"


def _json(text: str) -> Json:
    try:
        value: Json = json.loads(text, object_pairs_hook=_once)
    except RoutesError:
        raise
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except RecursionError:  # how deep is too deep differs from one build of Python to another
        problem = "nested too deep"
    else:
        return value
    raise RoutesError(f"the document must be JSON ({problem})")


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """JSON lets the last of two fields of one name win, in silence."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise RoutesError("the document has an object with the same field twice")
    return made
