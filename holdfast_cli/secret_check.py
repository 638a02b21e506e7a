"""The rules for a secret that a person enters: those of slack_alerts, and that it is no example from a manual."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.loopback import is_loopback
from slack_alerts.credentials.secret_text import MalformedSecret, parse_secret
from slack_alerts.models import BotToken, Credentials, Webhook
from slack_alerts.slack.egress import SLACK, Egress

SLACK_PATH = re.compile(r"/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]+")
EXAMPLE = re.compile(r"X{4,}|your|example|token$", re.IGNORECASE)
"""Words in the examples of manuals, which no secret of Slack has."""

SECRET = re.compile(r"hooks\.slack(-gov)?\.com/|/services/T\w+/B\w+/|\bxox[a-z]-|\bxapp-\d", re.IGNORECASE)
"""The beginnings of webhooks and tokens."""


def refuse_secrets(words: Iterable[str]) -> None:
    """Raise CommandFailed for a webhook or a token among the words of a command. No error may then repeat it."""
    for number, word in enumerate(words, start=1):
        if SECRET.search(word):
            raise CommandFailed(
                f"word {number} of the command looks like a secret, which the shell keeps in its history",
                "make a new one in Slack, and give it by a pipe, or when you are asked: holdfast secret < FILE",
                Exit.USAGE,
            )


def check_secret(text: str, egress: Egress, *, is_local: bool) -> Credentials:
    """Return the credentials in a secret. Raise MalformedSecret, which shows nothing of the secret."""
    credentials = parse_secret(text, egress)
    match credentials:
        case Webhook(url):
            _check_webhook(url, is_local=is_local)
        case BotToken(token, _) if EXAMPLE.search(token):
            raise MalformedSecret("the token is the example of a manual")
    return credentials


def _check_webhook(url: str, *, is_local: bool) -> None:
    if is_loopback(url):
        if not is_local:
            raise MalformedSecret("the webhook is on this machine, where the function does not run")
        return
    host, path = urlsplit(url).hostname or "", urlsplit(url).path
    if EXAMPLE.search(path):
        raise MalformedSecret("the webhook is the example of a manual")
    if any(host.endswith(f".{one}") for one in SLACK) and not SLACK_PATH.fullmatch(path):
        raise MalformedSecret("the webhook's path must be like /services/T…/B…/…, complete")
