"""`holdfast secret`: store a destination's webhook, or a bot's token and channel, without printing it."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from holdfast_cli.account import Account, connect
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.loopback import is_loopback
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.questions import CHANNEL, DESTINATION, PATH, STACK, ask, ask_secret
from holdfast_cli.regions import stack_in
from holdfast_cli.secret_check import check_secret
from holdfast_cli.secret_post import post_greeting
from holdfast_cli.secret_stores import STORES, SecretStore
from holdfast_cli.stack import Stack
from observability.redaction import redact
from slack_alerts.credentials.secret_text import MalformedSecret
from slack_alerts.models import Credentials
from slack_alerts.slack.egress import Egress

SLACK_HOSTS = frozenset({"hooks.slack.com", "slack.com", "hooks.slack-gov.com", "slack-gov.com"})
"""Default of the parameter AllowedHosts."""
SLACK_API = "https://slack.com/api"
"""Default of the parameter SlackApiUrl."""
ANY_STACK = Egress(SLACK_HOSTS)
"""The rule of a stack with the default."""

DestinationName = Annotated[
    str, typer.Option("--destination", "-d", envvar="DESTINATION", help="Name of the destination.")
]
Path = Annotated[
    str, typer.Option(envvar="DESTINATIONS_PATH", help="Path in SSM, to store a secret before its stack exists.")
]
Post = Annotated[bool, typer.Option(help="Post a line to the channel before the secret is stored.")]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place where a stack reads its destinations, and the rule for their secrets."""

    name: str
    """The stack; without one, the path."""
    store: str = "ssm"
    path: str
    egress: Egress = ANY_STACK
    key: str = ""
    """ARN of the key to encrypt with; empty for the key that AWS manages."""
    default_destination: str = DESTINATION.default
    api_url: str = SLACK_API

    @classmethod
    def of_stack(cls, stack: Stack) -> "Place":
        """Read outputs and parameters."""
        given = stack.parameters
        hosts = frozenset(given["AllowedHosts"].split(",")) if "AllowedHosts" in given else SLACK_HOSTS
        return cls(
            name=f"stack {stack.name}",
            store=stack.secret_store,
            path=stack.destinations_path,
            egress=Egress(hosts, allows_plain=given.get("Pace") == "quick"),
            key=given.get("SecretKeyArn", ""),
            default_destination=stack.default_destination,
            api_url=given.get("SlackApiUrl", SLACK_API),
        )


def secret(  # noqa: PLR0913 - the options of the command
    *,
    stack: StackName = "",
    destination: DestinationName = "",
    path: Path = "",
    region: Region = "",
    profile: Profile = "",
    post: Post = True,
    as_json: Json = False,
) -> None:
    """Store a destination's webhook or bot token where the stack reads it; it is read without echo, or from a pipe.

    Before it is stored, a line is posted to the channel, so that you see that the secret works.

    Examples:
    holdfast secret

    holdfast secret --destination database < webhook.txt

    holdfast secret --stack alerts --destination ops --no-post --json
    """
    account = connect(region, profile)
    place = find_place(account, stack, path)
    name = _destination(destination, place)
    text = secret_text(ask_secret("webhook URL or bot token (not shown)"))
    secrets = STORES[place.store](account.session)
    credentials = account.run("checking the secret", lambda: check(text, name, place, secrets))
    if post:
        where = f"{place.name}, {account.where}"
        account.watch("posting", lambda: post_greeting(credentials, name, where, place.api_url))
    version = account.watch(
        f"storing {place.path}/{name}", lambda: secrets.put(f"{place.path}/{name}", text, place.key)
    )
    _report(f"{place.path}/{name}", place, version, posted=post, as_json=as_json)


def find_place(account: Account, stack: str, path: str) -> Place:
    """Return the place in a stack; with a path and no stack, that path in SSM. Raise CommandFailed if they differ."""
    if path and not stack:
        if not re.fullmatch(PATH.pattern, path):
            raise CommandFailed(f"path {redact(path)!r} {PATH.rule}", "correct --path", Exit.USAGE)
        return Place(name=path, path=path)
    name = stack or STACK.default
    place = account.watch(f"reading stack {name}", lambda: Place.of_stack(stack_in(account, name)))
    if path and path != place.path:
        problem = f"stack {name} reads its destinations in {place.path}, not in {redact(path)}"
        raise CommandFailed(problem, "give --stack or --path, not both", Exit.USAGE)
    return place


def check(text: str, destination: str, place: Place, secrets: SecretStore) -> Credentials:
    """Return the credentials. Raise CommandFailed, which shows nothing of the secret."""
    try:
        return check_secret(text, place.egress, is_local=is_loopback(secrets.endpoint))
    except MalformedSecret as error:
        problem = str(error)
    raise CommandFailed(  # outside of the except block, as in failures.py
        f"destination {destination}: {problem}",
        "copy the webhook's URL from the Slack app's page Incoming Webhooks (https://hooks.slack.com/services/…), "
        "or the bot's token from its page OAuth & Permissions (xoxb-…)",
        Exit.USAGE,
    )


def _destination(given: str, place: Place) -> str:
    """Return the destination; ask on a terminal only, because a pipe has the secret."""
    question = replace(DESTINATION, default=place.default_destination)
    return question.ask({question.variable: given}, ask if sys.stdin.isatty() else lambda _: "")


def secret_text(value: str, channel: Callable[[], str] = CHANNEL.ask) -> str:
    """Return the text to store: a webhook itself, a token together with its channel."""
    return json.dumps({"token": value, "channel": channel().strip()}) if value.startswith("xox") else value


def _report(name: str, place: Place, version: str, *, posted: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"name": name, "store": place.store, "version": version, "posted": posted}))
        return
    print(f"stored as {name} in {place.store}, version {version}; slack_alerts uses it within five minutes")
    if posted:
        print("a line was posted: look into the channel")
    print("next: holdfast verify, which sends a test alert through the pipeline")
