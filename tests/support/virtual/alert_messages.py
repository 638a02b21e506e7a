"""The alerts of virtual stacks, their topics and their webhooks."""

import json

from slack_alerts.models import BotToken, Credentials, Webhook

HOST = "hooks.slack.com"
DEFAULT, TEAM = "default", "team"
DESTINATIONS = (DEFAULT, TEAM)
DIES_EARLY, DIES_LATE = "dies-early", "dies-late"
"""Words of alerts that kill the function each time: while intake routes them, and when they are about to be posted."""


def webhook(destination: str, version: int = 1) -> str:
    """Return a version of the destination's secret."""
    return f"https://{HOST}/services/T000/{destination}/{version}"


def bot_secret(destination: str, version: int = 1) -> str:
    """Return a version of the destination's secret if it has a bot token."""
    return json.dumps({"token": f"xoxb-{version}", "channel": f"C{destination.upper()}"})


def address(credentials: Credentials) -> str:
    """Return the webhook, or the one that stands for a bot token of the same version."""
    match credentials:
        case Webhook(url):
            return url
        case BotToken(token, channel):
            return webhook(channel.removeprefix("C").lower(), int(token.removeprefix("xoxb-")))


def topic_arn(destination: str) -> str:
    """Return the topic whose alerts are routed to the destination."""
    return f"arn:aws:sns:eu-west-1:123456789012:{destination}"


def sns_envelope(text: str, message_id: str, destination: str = DEFAULT) -> str:
    envelope = {"Type": "Notification", "MessageId": message_id, "TopicArn": topic_arn(destination), "Message": text}
    return json.dumps(envelope)
