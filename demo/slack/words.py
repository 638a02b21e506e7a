"""Slack's answers in words."""

from demo.slack.memory import OK, RESET, Request


def state_of(one: Request) -> tuple[str, str]:
    """Return the colour and the word for the answer to a request."""
    match one.status:
        case _ if one.is_accepted:
            return "good", "posted"
        case 429:
            return "wait", "throttled"
        case status if status == OK and one.webhook.startswith("#"):  # a refusal by the Web API
            return "bad", "refused"
        case status if status in {RESET, OK} or status >= 500:  # noqa: PLR2004 - 5xx is Slack's own failure
            return "fail", "failed"
        case _:
            return "bad", "refused"
