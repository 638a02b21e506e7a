"""Slack's answer -> success or SlackRefused, without any text of the answer."""

import json
import re
from dataclasses import replace
from http import HTTPStatus

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http import parse_retry_after
from retry_policies.slack import REFUSED_DESTINATION_CODES, classify_webhook, webhook_code
from retry_policies.slack_api import CODE, classify_api
from retry_policies.slack_api import REFUSED_DESTINATION_CODES as REFUSED_DESTINATION_ERRORS
from slack_alerts.models import Place, Refused, SlackRefused

REFUSED_DESTINATION = frozenset({401, 403, 404, 410})
"""Statuses with which Slack refuses a destination; a proxy may answer with them too."""
NEVER_SLACKS = frozenset({407, *range(500, 1000)})
"""Statuses that are a refusal by Slack only if the body has one of Slack's codes."""
NO_ANSWERS = frozenset({101, *range(300, 400)})
"""Statuses that answer nothing: another protocol, and redirects, which are never followed."""
SUCCESS = range(200, 300)
CHANNEL = re.compile(r"[A-Z][A-Z0-9]{1,20}")
TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
"""Slack's id of a message: seconds and a number."""
UNKNOWN_BODY = "unknown_body"
UNEXPECTED = Classification(ErrorKind.PERMANENT, code=UNKNOWN_BODY)


def webhook_refusal(status: int, body: bytes, retry_after: float | None) -> SlackRefused | None:
    """Return the error for a webhook's answer; None for success (200 and `ok`)."""
    if status == HTTPStatus.OK and body == b"ok":
        return None
    code = webhook_code(body)
    is_slacks = code != UNKNOWN_BODY and status not in SUCCESS
    classification = classify_webhook(status, code, retry_after)
    is_destination = code in REFUSED_DESTINATION_CODES
    return _refused(status, classification, retry_after, is_slacks=is_slacks, is_destination=is_destination)


def api_refusal(status: int, body: bytes, retry_after: float | None) -> SlackRefused | None:
    """Return the error for the Web API's answer; None for success (200 and `"ok": true`)."""
    answer = _object(body)
    if status == HTTPStatus.OK and answer.get("ok") is True:
        return None
    error = answer.get("error")
    is_code = isinstance(error, str) and CODE.fullmatch(error) is not None and answer.get("ok") is False
    code = error if is_code else None
    classification = classify_api(status, code, retry_after)
    is_destination = code in REFUSED_DESTINATION_ERRORS
    return _refused(status, classification, retry_after, is_slacks=code is not None, is_destination=is_destination)


def api_place(body: bytes) -> Place | None:
    """Return the place of the message in the answer of chat.postMessage; None if it names none."""
    answer = _object(body)
    message = answer.get("message")
    channel, ts = answer.get("channel"), answer.get("ts")
    if not (isinstance(channel, str) and CHANNEL.fullmatch(channel) and _is_ts(ts)):
        return None
    thread_ts = message.get("thread_ts") if isinstance(message, dict) else None
    return Place(channel, str(ts), str(thread_ts) if _is_ts(thread_ts) else "")


def _is_ts(value: object) -> bool:
    return isinstance(value, str) and TS.fullmatch(value) is not None


def body_retry_after(body: bytes) -> float | None:
    """Return `retry_after` of the answer's JSON, or None. Slack may send it instead of the header."""
    return parse_retry_after(str(_object(body).get("retry_after")))


def _refused(
    status: int, classification: Classification, retry_after: float | None, *, is_slacks: bool, is_destination: bool
) -> SlackRefused:
    """Return the error for an answer. A proxy's Retry-After counts with any status.

    A status of REFUSED_DESTINATION outranks the code of a refused message: 404 `invalid_payload` refuses the
    destination. The code of a refused destination outranks every status: so does 500 `channel_is_archived`.
    """
    if not is_slacks and status in SUCCESS:
        return SlackRefused(replace(UNEXPECTED, retry_after=retry_after), Refused.UNEXPECTED)
    if not is_slacks and status in REFUSED_DESTINATION:
        return SlackRefused(replace(classification, retry_after=retry_after), Refused.FOREIGN)
    if classification.kind is not ErrorKind.PERMANENT:
        return SlackRefused(classification, Refused.FOR_NOW)
    if not is_slacks and status in NEVER_SLACKS:
        return SlackRefused(replace(classification, retry_after=retry_after), Refused.FOREIGN)
    is_destination |= status in REFUSED_DESTINATION | NO_ANSWERS
    return SlackRefused(classification, Refused.DESTINATION if is_destination else Refused.MESSAGE)


def _object(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
