"""A post that shows that a secret works, and in which channel."""

from holdfast_cli.failures import CommandFailed
from slack_alerts.models import Credentials, Refused, SlackMessage, SlackRefused, SlackUnreachable
from slack_alerts.slack.http import SlackHttp

TIMEOUT = 10.0
TEXT = ":white_check_mark: Holdfast can post here. This channel is the destination {destination} of {place}."


def post_greeting(credentials: Credentials, destination: str, place: str, api_url: str) -> None:
    """Post to the channel. Raise CommandFailed, which shows nothing of the secret."""
    message = SlackMessage(text=TEXT.format(destination=destination, place=place))
    try:
        SlackHttp(api_url).post(credentials, message, TIMEOUT)
    except SlackRefused as refused:
        failed = _refused(refused)
    except SlackUnreachable as error:
        failed = CommandFailed(
            f"destination {destination}: Slack did not answer this machine ({error}): nothing was stored",
            "check the network; if only AWS may reach Slack, store it without a post: --no-post, then: holdfast verify",
        )
    else:
        return
    raise failed  # outside of the except block, as in failures.py


def _refused(refused: SlackRefused) -> CommandFailed:
    code = refused.classification.code
    if refused.refused is Refused.FOR_NOW:
        return CommandFailed(f"Slack does not take the post now ({code}): nothing was stored", "try again in a minute")
    advice = "copy the webhook or the token again; invite the bot to its channel; --no-post stores it anyway"
    return CommandFailed(f"Slack refuses the post ({code}): nothing was stored", advice)
