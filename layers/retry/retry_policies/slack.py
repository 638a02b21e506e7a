"""A classifier for Slack's incoming webhooks.

Sources of the codes: «Sending messages using incoming webhooks», section Handling errors; the 2016 change of webhook
errors; practice.
"""

from dataclasses import replace

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http import SUCCESS, classify_http, classify_status, retry_after_header

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
"""The webhook accepts no message."""
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
"""The webhook does not accept this message."""
THROTTLED_CODES = frozenset({"rate_limited", "ratelimited"})
TRANSIENT_CODES = frozenset({"rollup_error"})
UNREAD = Classification(ErrorKind.AMBIGUOUS, code="body")
"""A status of success whose body was not read or is not Slack's: a proxy may have answered."""
WEBHOOK_CODES = REFUSED_DESTINATION_CODES | REFUSED_MESSAGE_CODES | THROTTLED_CODES | TRANSIENT_CODES


def classify_slack_webhook(error: BaseException) -> Classification | None:
    """Classify the error of a post to a webhook by body and status, or else as any HTTP error.

    Use the body of an attached response (requests.HTTPError) only if it has been read.
    """
    response = error.__dict__.get("response")
    status = getattr(response, "status_code", None)
    if not isinstance(status, int):
        return classify_http(error)
    body = getattr(response, "__dict__", {}).get("_content")  # .content would read from the network
    if status in SUCCESS and not isinstance(body, bytes):
        return UNREAD
    code = webhook_code(body) if isinstance(body, bytes) else "unknown_body"
    return classify_webhook(status, code, retry_after_header(getattr(response, "headers", None)))


def webhook_code(body: bytes) -> str:
    """Return the body if it is a known code, else `unknown_body`: other text from outside is not logged."""
    text = body.decode("ascii", "replace").strip()
    return text if text in WEBHOOK_CODES else "unknown_body"


def classify_webhook(status: int, code: str, retry_after: float | None = None) -> Classification:
    """Classify a refused post by its code, or else by its status."""
    if code in REFUSED_DESTINATION_CODES | REFUSED_MESSAGE_CODES:
        return Classification(ErrorKind.PERMANENT, code=code)
    if code in THROTTLED_CODES:
        return Classification(ErrorKind.THROTTLED, retry_after, code)
    if code in TRANSIENT_CODES:
        return Classification(ErrorKind.TRANSIENT, retry_after, code)
    if status in SUCCESS:
        return UNREAD
    return replace(classify_status(status, retry_after), code=f"{status} {code}")
