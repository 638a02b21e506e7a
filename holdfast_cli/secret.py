"""`make secret`: store a destination's webhook, or a bot's token and channel, without printing it."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import boto3

from holdfast_cli.failures import CommandFailed, call_aws, run_command
from holdfast_cli.loopback import is_loopback
from holdfast_cli.questions import CHANNEL, DESTINATION, PATH, STACK, Read, ask_region, ask_secret
from holdfast_cli.secret_stores import STORES, SecretStore
from holdfast_cli.stack import Stack, find_stack
from slack_alerts.credentials.secret_text import MalformedSecret, parse_secret
from slack_alerts.models import Webhook
from slack_alerts.slack.egress import Egress

SLACK_HOSTS = frozenset({"hooks.slack.com", "slack.com", "hooks.slack-gov.com", "slack-gov.com"})
"""Default of the parameter AllowedHosts."""
ANY_STACK = Egress(SLACK_HOSTS)
"""The rule of a stack with the default."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place where a stack reads its destinations, and the rule for their secrets."""

    store: str = "ssm"
    path: str
    egress: Egress = ANY_STACK
    key: str = ""
    """ARN of the key to encrypt with; empty for the key that AWS manages."""
    default_destination: str = DESTINATION.default

    @classmethod
    def of_stack(cls, stack: Stack) -> "Place":
        """Read outputs and parameters."""
        given = stack.parameters
        hosts = frozenset(given["AllowedHosts"].split(",")) if "AllowedHosts" in given else SLACK_HOSTS
        return cls(
            store=stack.secret_store,
            path=stack.destinations_path,
            egress=Egress(hosts, allows_plain=given.get("Pace") == "quick"),
            key=given.get("SecretKeyArn", ""),
            default_destination=stack.default_destination,
        )


def main() -> int:
    """Ask for a destination and its secret, and store the secret where the stack reads it."""
    region = ask_region()
    session = call_aws("reading the AWS configuration", lambda: boto3.Session(region_name=region))
    place = find_place(session, os.environ)
    destination = replace(DESTINATION, default=place.default_destination).ask()
    secrets = call_aws("reading the AWS configuration", lambda: STORES[place.store](session))
    print(store(secrets, place, destination, lambda: ask_secret("webhook URL or bot token (not shown)"), CHANNEL.ask))
    return 0


def find_place(session: boto3.Session, environ: Mapping[str, str], read: Read = input) -> Place:
    """Return the place of the stack that STACK names; without STACK ask for a path in SSM."""
    if not environ.get(STACK.variable, "").strip():
        return Place(path=PATH.ask(environ, read))
    name = STACK.ask(environ, read)
    return Place.of_stack(call_aws(f"reading stack {name}", lambda: find_stack(session.client("cloudformation"), name)))


def store(
    secrets: SecretStore, place: Place, destination: str, read: Callable[[], str], channel: Callable[[], str]
) -> str:
    """Read, check and store a secret; return a message. No message or error contains the secret."""
    text = _secret_text(read().strip(), channel)
    if problem := secret_problem(text, place.egress, is_local=is_loopback(secrets.endpoint)):
        raise CommandFailed(
            f"destination {destination}: {problem}",
            "copy the webhook's URL from the Slack app's page Incoming Webhooks (https://hooks.slack.com/services/…), "
            "or the bot's token from its page OAuth & Permissions (xoxb-…)",
        )
    name = f"{place.path}/{destination}"
    version = call_aws(f"storing {name}", lambda: secrets.put(name, text, place.key))
    return (
        f"stored as {name} in {place.store}, version {version}; slack_alerts uses it within five minutes\n"
        "next: name the output AlertsTopicArn of the stack as the action of an alarm, or try: make verify STACK=…"
    )


def secret_problem(text: str, egress: Egress, *, is_local: bool) -> str:
    """Return the problem of a secret by the rule of slack_alerts, without the secret, or an empty string."""
    try:
        credentials = parse_secret(text, egress)
    except MalformedSecret as error:
        return str(error)
    if isinstance(credentials, Webhook) and is_loopback(credentials.url) and not is_local:
        return "the webhook is on this machine, where the function does not run"
    return ""


def _secret_text(value: str, channel: Callable[[], str]) -> str:
    """Return the text to store: a webhook itself, a token together with its channel."""
    return json.dumps({"token": value, "channel": channel().strip()}) if value.startswith("xox") else value


if __name__ == "__main__":
    sys.exit(run_command(main))
