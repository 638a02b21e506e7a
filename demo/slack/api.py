"""Slack's Web API in the stand-in: read a call of chat.postMessage, and build its JSON answer."""

import json
from dataclasses import replace

from demo.slack.answer import Answer
from demo.slack.conversations import ChannelMessage
from demo.slack.limits import MAX_TEXT, Posting, read_posting

OK = 200
THROTTLED = 429
BROKEN = 500
MAX_EDITED_TEXT = 4_000
CODES = {
    "rate_limited": "ratelimited",
    "rollup_error": "internal_error",
    "channel_is_archived": "is_archived",
    "invalid_token": "invalid_auth",
    "action_prohibited": "restricted_action",
    "invalid_payload": "invalid_json",
}
"""A webhook's error codes and the Web API's for the same."""


def read_api_posting(body: bytes) -> tuple[str | None, Posting]:
    """Return the channel of a request, None if its body is unreadable, and how Slack reads the rest."""
    posting = read_posting(body)
    if posting.error == "invalid_payload":
        return None, posting
    message = json.loads(body)
    channel, thread_ts = message.get("channel"), message.get("thread_ts")
    is_broadcast = message.get("reply_broadcast") is True
    posting = replace(posting, thread_ts=thread_ts if isinstance(thread_ts, str) else "", is_broadcast=is_broadcast)
    if not posting.error and len(str(message.get("text") or "")) > MAX_TEXT:
        posting = replace(posting, error="msg_too_long")
    return channel if isinstance(channel, str) else "", posting


def read_api_edit(body: bytes) -> tuple[str | None, str, Posting]:
    """Return the channel and the ts of a call of chat.update, and the new content."""
    channel, posting = read_api_posting(body)
    if channel is None:
        return None, "", posting
    if not posting.error and len(posting.text) > MAX_EDITED_TEXT:
        posting = replace(posting, error="msg_too_long")
    return channel, str(json.loads(body).get("ts")), posting


def as_api(answer: Answer) -> Answer:
    """Translate a webhook's answer to the Web API's, which refuses a call with status 200."""
    status = answer.status if answer.status == THROTTLED or answer.status >= BROKEN else OK
    return replace(answer, status=status, body=CODES.get(answer.body, answer.body))


def api_json(answer: Answer, message: ChannelMessage | None) -> dict[str, object]:
    """Return the answer to one request as JSON; `message` is the accepted one."""
    if message is None:
        return {"ok": False, "error": answer.body}
    return {"ok": True, "channel": message.channel, "ts": message.ts, "message": message.as_json()}
