"""The text of a secret -> Credentials: a webhook's URL, or JSON with a bot's token and channel."""

import json
import re

from slack_alerts.models import BotToken, Credentials, Webhook
from slack_alerts.slack.egress import Egress, ForbiddenUrl

WEBHOOK_PATH = "/services/"
"""The path of incoming webhooks. Webhooks of workflows accept no message."""
TOKEN = re.compile(r"(?:xoxe\.)?xoxb-[A-Za-z0-9-]+")
"""A bot's token; a rotated one begins with xoxe."""
CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,20}")
"""The id of a public, private or direct channel: a name can change."""
FIELDS = frozenset({"token", "channel"})


class MalformedSecret(ValueError):
    """A secret is unusable; the message names the field and its rule and shows nothing of the value."""


def parse_secret(text: str, egress: Egress) -> Credentials:
    """Return the credentials in a secret's text, without surrounding white space. Raises MalformedSecret."""
    text = text.strip()
    if not text:
        raise MalformedSecret("the secret is empty")
    return _bot_token(text) if text.startswith("{") else _webhook(text, egress)


def _webhook(url: str, egress: Egress) -> Webhook:
    try:
        path = egress.check(url).path
    except ForbiddenUrl as error:
        raise MalformedSecret(f"the webhook {error}") from error
    if not path.startswith(WEBHOOK_PATH) or {".", ".."} & set(path.split("/")):
        raise MalformedSecret(f"the webhook's path must begin with {WEBHOOK_PATH}")
    return Webhook(url)


def _bot_token(text: str) -> BotToken:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if value is None:  # outside the except block, because JSON's own error contains the text
        raise MalformedSecret('the secret begins like JSON and must be JSON: {"token": "xoxb-…", "channel": "C…"}')
    if value.keys() != FIELDS:
        raise MalformedSecret('the secret must have the fields "token" and "channel", and no other')
    token, channel = value["token"], value["channel"]
    if not isinstance(token, str) or not TOKEN.fullmatch(token := token.strip()):
        raise MalformedSecret("the token must be that of a bot: it begins with xoxb- or xoxe.xoxb-")
    if not isinstance(channel, str) or not CHANNEL.fullmatch(channel := channel.strip()):
        raise MalformedSecret("the channel must be its id, not its name: it begins with C, G or D")
    return BotToken(token, channel)
