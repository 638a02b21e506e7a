"""The text of the routes document -> routes (docs/routes.md). Unknown fields are refused, because they may be typos."""

import re
from dataclasses import fields

from aws_events.alarm_match import PATTERN, read_pattern
from aws_events.json_fields import Fields
from aws_events.message_attributes import ACCOUNT_NAME, FOLLOWS, LONGEST_REMINDER
from aws_events.severity import Severity
from aws_events.strict_json import Invalid, Json, load, shown
from notifications.models import Kind, Status
from routes.mute_fields import read_mute
from routes.route import Match, Route, Routes

LIMIT = 4096
"""Bytes of a standard SSM parameter."""
DESTINATION = re.compile(r"[a-z0-9-]{1,64}")
TOPIC = re.compile(r"([A-Za-z0-9_-]{1,256}|arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})")
ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
SEVERITY = re.compile(r"[A-Za-z0-9._ -]{1,64}")
SOURCE = re.compile(r"[A-Za-z0-9._/-]{1,256}")
ACCOUNT_NAME_RULE = "a name of 1 to 64 letters, digits, blanks and any of . _ -"
MENTION = re.compile(r"here|channel|everyone|[UWS][A-Z0-9]{2,20}")
STATES = {"ALARM": Status.FIRING, "OK": Status.RESOLVED, "INSUFFICIENT_DATA": Status.NO_DATA} | {
    status.value: status for status in Status
}
"""CloudWatch's states, and our own names, which hold for every source."""
KNOWN = [field.name for field in fields(Match)]
ROUTE_FIELDS = ["match", "destination", "mention", "follow", "remind_after", "mute", "mute_below"]
PASSING = {one.value: one for one in Severity if one is not Severity.INFO}
"""Severities whose alerts may pass a mute; with `info` it would mute none."""
KINDS = {kind.value: kind for kind in Kind}


def parse_routes(text: str) -> Routes:
    """Return the routes of a document in their order, and its names of accounts. Raises Invalid."""
    document = Fields.of(load(text, "document", LIMIT), "document", known=["routes", "accounts"], required=["routes"])
    routes = document.list("routes")
    return Routes(tuple(_route(value, number) for number, value in enumerate(routes)), _accounts(document))


def _accounts(document: Fields) -> dict[str, str]:
    accounts = Fields(document.object("accounts"), "accounts")
    for number in accounts.values:
        if not ACCOUNT.fullmatch(number):
            raise Invalid(accounts.at(shown(number)), "must be 12 digits, in quotes")
    return {number: accounts.text(number, ACCOUNT_NAME, ACCOUNT_NAME_RULE) or "" for number in accounts.values}


def _route(value: Json, number: int) -> Route:
    route = Fields.of(value, f"routes[{number}]", known=ROUTE_FIELDS, required=["match", "destination"])
    destination = route.text("destination", DESTINATION, "the name of a destination: 1 to 64 of a-z, 0-9 and '-'")
    mention = route.text("mention", MENTION, "here, channel, everyone, or the id of a user (U…, W…) or user group (S…)")
    follow = route.choice("follow", {one: one for one in sorted(FOLLOWS)})
    return Route(
        match=_match(route.values["match"], route.at("match")),
        destination=destination or "",
        mention=_markup(mention),
        follow=follow or "",
        remind_after=route.hours("remind_after", LONGEST_REMINDER) or 0.0,
        mute=read_mute(route.values["mute"], route.at("mute")) if "mute" in route.values else None,
        mute_below=_mute_below(route),
        number=number,
    )


def _mute_below(route: Fields) -> Severity | None:
    if "mute_below" in route.values and "mute" not in route.values:
        raise Invalid(route.at("mute_below"), "needs mute")
    return route.choice("mute_below", PASSING)


def _match(value: Json, where: str) -> Match:
    match = Fields.of(value, where, known=KNOWN, required=[])
    return Match(
        topic=match.text("topic", TOPIC, "the name or the ARN of a topic"),
        account=match.text("account", ACCOUNT, "12 digits, in quotes"),
        region=match.text("region", REGION, "the code of a Region, like eu-west-1"),
        alarm=read_pattern(match),
        state=match.choice("state", STATES),
        severity=match.text("severity", SEVERITY, "critical, high, medium, low, info, or a word of the source"),
        kind=match.choice("kind", KINDS),
        source=match.text("source", SOURCE, "the source of an EventBridge event, like aws.guardduty"),
        detail_type=match.text("detail_type", PATTERN, "a pattern of detail-types, like GuardDuty *"),
        resource=match.text("resource", PATTERN, "a pattern of names or ARNs, like orders-*"),
        tags=_tags(match),
    )


def _tags(match: Fields) -> dict[str, str]:
    """Return the pattern of each tag's value."""
    tags = Fields(match.object("tags"), match.at("tags"))
    return {name: tags.text(name, PATTERN, "a pattern of the tag's value") or "" for name in tags.values}


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
