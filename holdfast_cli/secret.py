"""`make secret`: stores a destination's webhook, or a bot's token and channel, without showing it to anybody."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import boto3

from holdfast_cli.aws_errors import in_words
from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.loopback import is_loopback
from holdfast_cli.questions import CHANNEL, DESTINATION, PATH, STACK, Read, ask_region, ask_secret
from holdfast_cli.secret_stores import VAULTS, Vault
from holdfast_cli.stack import Stack, find_stack
from slack_alerts.credentials.secret_text import MalformedSecret, parse_secret
from slack_alerts.models import Webhook
from slack_alerts.slack.egress import Egress

SLACK_HOSTS = frozenset({"hooks.slack.com", "slack.com", "hooks.slack-gov.com", "slack-gov.com"})
"""Default of the parameter AllowedHosts."""
ANY_STACK = Egress(SLACK_HOSTS)
"""What a stack takes that nobody has told otherwise."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a stack looks for its destinations, and what it takes for one."""

    store: str = "ssm"
    path: str
    egress: Egress = ANY_STACK
    key: str = ""
    """ARN of the key to encrypt with; empty for the key that AWS manages."""
    default_destination: str = DESTINATION.default

    @classmethod
    def of(cls, stack: Stack) -> "Place":
        """As the stack's outputs and parameters say."""
        told = stack.parameters
        hosts = frozenset(told["AllowedHosts"].split(",")) if "AllowedHosts" in told else SLACK_HOSTS
        return cls(
            store=stack.secret_store,
            path=stack.destinations_path,
            egress=Egress(hosts, allows_plain=told.get("Pace") == "quick"),
            key=told.get("SecretKeyArn", ""),
            default_destination=stack.default_destination,
        )


def main() -> int:
    """Ask for destination and secret, and store it where the stack looks for it."""
    region = ask_region()
    session = in_words("reading the AWS configuration", lambda: boto3.Session(region_name=region))
    place = find_place(session, os.environ)
    destination = replace(DESTINATION, default=place.default_destination).ask()
    vault = in_words("reading the AWS configuration", lambda: VAULTS[place.store](session))
    print(store(vault, place, destination, lambda: ask_secret("webhook URL or bot token (not shown)"), CHANNEL.ask))
    return 0


def find_place(session: boto3.Session, environ: Mapping[str, str], read: Read = input) -> Place:
    """Where the stack that STACK names looks; without one the path is asked, and the store is SSM."""
    if not environ.get(STACK.variable, "").strip():
        return Place(path=PATH.ask(environ, read))
    name = STACK.ask(environ, read)
    return Place.of(in_words(f"reading stack {name}", lambda: find_stack(session.client("cloudformation"), name)))


def store(vault: Vault, place: Place, destination: str, read: Callable[[], str], channel: Callable[[], str]) -> str:
    """Read the secret, check it and store it over what is there -> what to say; the value is in no error."""
    text = _text(read().strip(), channel)
    if problem := secret_problem(text, place.egress, is_local=is_loopback(vault.endpoint)):
        raise CommandFailed(
            f"destination {destination}: {problem}",
            "copy the webhook's URL from the Slack app's page Incoming Webhooks (https://hooks.slack.com/services/…), "
            "or the bot's token from its page OAuth & Permissions (xoxb-…)",
        )
    name = f"{place.path}/{destination}"
    version = in_words(f"storing {name}", lambda: vault.put(name, text, place.key))
    return (
        f"stored as {name} in {place.store}, version {version}; the function uses it within five minutes\n"
        "next: name the output AlertsTopicArn of the stack as the action of an alarm, or try: make verify STACK=…"
    )


def secret_problem(text: str, egress: Egress, *, is_local: bool) -> str:
    """Say what is wrong with a secret, by the function's own rule, never what it is; empty if nothing is."""
    try:
        credentials = parse_secret(text, egress)
    except MalformedSecret as error:
        return str(error)
    if isinstance(credentials, Webhook) and is_loopback(credentials.url) and not is_local:
        return "the webhook leads to this machine, and the function does not run on it"
    return ""


def _text(value: str, channel: Callable[[], str]) -> str:
    """What is stored: a webhook as it is; a token, of whatever kind, with the channel that is asked for it."""
    return json.dumps({"token": value, "channel": channel().strip()}) if value.startswith("xox") else value


if __name__ == "__main__":
    sys.exit(run_command(main))
