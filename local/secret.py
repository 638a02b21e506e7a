"""`make secret`: stores a destination's webhook as a SecureString, without showing it to anybody."""

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3

from local.clients import is_loopback
from local.cloud import in_words
from local.failures import CommandFailed, run_command
from local.questions import DESTINATION, PATH, ask_region, ask_secret

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

SLACK_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


def main() -> int:
    """Ask for name, path and webhook, and store it."""
    region = ask_region()
    ssm = in_words("reading the AWS configuration", lambda: boto3.Session(region_name=region).client("ssm"))
    print(store(ssm, DESTINATION.ask(), PATH.ask(), lambda: ask_secret("webhook URL (not shown)")))
    return 0


def store(ssm: "SSMClient", destination: str, path: str, read: Callable[[], str]) -> str:
    """Read the webhook, check it and store it over what is there -> what to say; the value is in no error."""
    webhook = read().strip()
    if problem := webhook_problem(webhook, allow_loopback=is_loopback(ssm.meta.endpoint_url)):
        raise CommandFailed(
            f"destination {destination}: the webhook {problem}",
            "copy it from the Slack app's page Incoming Webhooks: https://hooks.slack.com/services/…",
        )
    name = f"{path}/{destination}"
    put = partial(ssm.put_parameter, Name=name, Value=webhook, Type="SecureString", Overwrite=True)
    answer = in_words(f"storing {name}", put)
    return (
        f"stored as {name}, version {answer['Version']}; the function uses it within five minutes\n"
        "next: name the output AlertsTopicArn of the stack as the action of an alarm, or try: make verify"
    )


def webhook_problem(url: str, *, allow_loopback: bool) -> str:
    """Say what is wrong with a webhook, never what it is; empty if nothing is."""
    if not url:
        return "is empty"
    if not (url.isascii() and url.isprintable()) or " " in url or "\\" in url:
        return "must be one line of plain ASCII"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.username is not None or parts.password is not None:
        return "must name no user"
    if allow_loopback and parts.scheme == "http" and is_loopback(url):
        return ""
    if parts.scheme != "https":
        return "must start with https://"
    if host not in SLACK_HOSTS:
        return f"must lead to {' or '.join(sorted(SLACK_HOSTS))}"
    if not parts.path.startswith("/services/"):
        return "must be an incoming webhook: its path starts with /services/"
    return ""


if __name__ == "__main__":
    sys.exit(run_command(main))
