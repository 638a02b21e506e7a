"""Slack's incoming webhooks: what the body of a refused post says about another attempt.

Bodies and statuses: «Sending messages using incoming webhooks», section Handling errors, the 2016 change of webhook
errors, and codes met in practice.
"""

from dataclasses import replace

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http import FIRST_UNSUCCESSFUL, classify_http, classify_status, retry_after_header

REFUSED_DESTINATION_CODES = frozenset(
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "posting_to_general_channel_denied",
        "team_disabled",
    }
)
"""No message will pass through this webhook."""
REFUSED_MESSAGE_CODES = frozenset(
    {
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "missing_text_or_fallback_or_attachments",
        "no_text",
        "too_many_attachments",
        "user_not_found",
    }
)
"""This message will not pass; another one may."""
THROTTLED_CODES = frozenset({"rate_limited", "ratelimited"})
TRANSIENT_CODES = frozenset({"rollup_error"})
UNREAD = Classification(ErrorKind.AMBIGUOUS, code="body")
"""A success whose `ok` did not arrive."""
WEBHOOK_CODES = REFUSED_DESTINATION_CODES | REFUSED_MESSAGE_CODES | THROTTLED_CODES | TRANSIENT_CODES


def classify_slack_webhook(error: BaseException) -> Classification | None:
    """What a post to a webhook raised -> its classification: by body and status, else as any HTTP failure.

    Of an error that carries a response, like requests.HTTPError, only a body already read is looked at.
    """
    response = error.__dict__.get("response")
    status = getattr(response, "status_code", None)
    if not isinstance(status, int):
        return classify_http(error)
    body = getattr(response, "__dict__", {}).get("_content")  # .content would read from the network
    if status < FIRST_UNSUCCESSFUL and not isinstance(body, bytes):
        return UNREAD
    code = webhook_code(body) if isinstance(body, bytes) else "unknown_body"
    return classify_webhook(status, code, retry_after_header(getattr(response, "headers", None)))


def webhook_code(body: bytes) -> str:
    """A webhook's answer -> the code it is, or `unknown_body`: text from outside is compared, never kept."""
    text = body.decode("ascii", "replace").strip()
    return text if text in WEBHOOK_CODES else "unknown_body"


def classify_webhook(status: int, code: str, retry_after: float | None = None) -> Classification:
    """A refused post -> its classification. The body's code wins over the status."""
    if code in REFUSED_DESTINATION_CODES | REFUSED_MESSAGE_CODES:
        return Classification(ErrorKind.PERMANENT, code=code)
    if code in THROTTLED_CODES:
        return Classification(ErrorKind.THROTTLED, retry_after, code)
    if code in TRANSIENT_CODES:
        return Classification(ErrorKind.TRANSIENT, retry_after, code)
    return replace(classify_status(status, retry_after), code=f"{status} {code}")
