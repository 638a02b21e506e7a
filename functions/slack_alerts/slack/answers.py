"""Slack's answer -> success, or the error that says how it refused. Nothing of its text is kept."""

import json
from http import HTTPStatus

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http import parse_retry_after
from retry_policies.slack import REFUSED_DESTINATION_CODES, classify_webhook, webhook_code
from retry_policies.slack_api import REFUSED_DESTINATION_CODES as REFUSED_DESTINATION_ERRORS
from retry_policies.slack_api import classify_api
from slack_alerts.models import Refused, SlackRefused

REFUSED_DESTINATION = frozenset({401, 403, 404, 410})
"""Statuses with which Slack refuses a destination; from a proxy they are no evidence about it."""
NO_ANSWERS = frozenset({*range(100, 200), *range(300, 400)})
"""Statuses that never lead to a post; a redirect is never followed."""
UNKNOWN_BODY = "unknown_body"
UNEXPECTED = Classification(ErrorKind.PERMANENT, code="unknown_body")


def classify_webhook_answer(status: int, body: bytes, retry_after: float | None) -> SlackRefused | None:
    """A webhook's answer -> None for success (200 and `ok`), else the error to raise."""
    if status == HTTPStatus.OK and body == b"ok":
        return None
    if 200 <= status < 300:  # noqa: PLR2004 - success by its status, not by its body
        return SlackRefused(UNEXPECTED, Refused.UNEXPECTED)
    code = webhook_code(body)
    classification = classify_webhook(status, code, retry_after)
    if status in REFUSED_DESTINATION and code == UNKNOWN_BODY:
        return SlackRefused(classification, Refused.FOREIGN)
    is_destination = status in REFUSED_DESTINATION | NO_ANSWERS or code in REFUSED_DESTINATION_CODES
    return _refused(classification, is_destination=is_destination)


def classify_api_answer(status: int, body: bytes, retry_after: float | None) -> SlackRefused | None:
    """The Web API's answer -> None for success (200 and `"ok": true`), else the error to raise."""
    answer = _object(body)
    if status == HTTPStatus.OK and answer.get("ok") is True:
        return None
    error = answer.get("error")
    code = error if isinstance(error, str) and answer.get("ok") is False else None
    if 200 <= status < 300 and code is None:  # noqa: PLR2004 - as above
        return SlackRefused(UNEXPECTED, Refused.UNEXPECTED)
    classification = classify_api(status, code, retry_after)
    if status in REFUSED_DESTINATION and code is None:
        return SlackRefused(classification, Refused.FOREIGN)
    is_destination = status in REFUSED_DESTINATION | NO_ANSWERS or code in REFUSED_DESTINATION_ERRORS
    return _refused(classification, is_destination=is_destination)


def patience(body: bytes) -> float | None:
    """Seconds that an answer's JSON asks for as `retry_after`, seen where the header was missing; else None."""
    return parse_retry_after(str(_object(body).get("retry_after")))


def _refused(classification: Classification, *, is_destination: bool) -> SlackRefused:
    if classification.kind is not ErrorKind.PERMANENT:
        return SlackRefused(classification, Refused.FOR_NOW)
    return SlackRefused(classification, Refused.DESTINATION if is_destination else Refused.MESSAGE)


def _object(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
