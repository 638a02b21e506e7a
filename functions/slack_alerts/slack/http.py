"""Post to Slack once. Errors contain no URL, no token and no text of Slack's."""

import json
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import parse_url

from retry_policies.http import classify_http, parse_retry_after
from slack_alerts.models import (
    BotToken,
    Credentials,
    Edit,
    Place,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
    Webhook,
)
from slack_alerts.slack.answers import api_place, api_refusal, body_retry_after, webhook_refusal
from slack_alerts.slack.watchdog import Watchdog, watched_connection

WEBHOOK_BODY = 4096
"""Bytes to read of a webhook's answer, which is one word."""
API_BODY = 262_144
"""Bytes to read of the Web API's answer, which repeats the message: 64 KB as JSON if no character of it is ASCII."""
HEADERS = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}
QUIET = {"unfurl_links": False, "unfurl_media": False}
"""Slack must not fetch links that come from outside."""
NO_ANSWER = (HTTPError, HTTPException, OSError)
"""Errors of urllib3, http.client and sockets."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class SlackHttp:
    """Posts to webhooks, and to the Web API at `api_url`."""

    api_url: str = "https://slack.com/api"
    ca_file: str | None = None
    """Certificates to trust instead of certifi's."""

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> Place | None:
        """Post the message within `timeout` seconds in total; return its place if the answer names it.

        Raises SlackRefused for an answer other than success, SlackUnreachable for no answer.
        """
        answer = self._send(credentials, message, timeout)
        if isinstance(answer, SlackUnreachable):
            raise answer  # outside the except block, because urllib3's own errors show the URL
        refused = _refusal(credentials, answer)
        if refused is not None:
            raise refused
        return api_place(answer.body) if isinstance(credentials, BotToken) else None

    def update(self, credentials: BotToken, edit: Edit, timeout: float) -> None:
        """Edit a message within `timeout` seconds. Raises SlackRefused or SlackUnreachable."""
        content: dict[str, object] = {"channel": edit.channel, "ts": edit.ts, **edit.content}
        answer = self._call("chat.update", credentials, content, timeout)
        if isinstance(answer, SlackUnreachable):
            raise answer  # outside the except block, because urllib3's own errors show the URL
        refused = api_refusal(answer.status, answer.body, answer.retry_after)
        if refused is not None:
            raise refused

    def _send(self, credentials: Credentials, message: SlackMessage, timeout: float) -> Answer | SlackUnreachable:
        match credentials:
            case Webhook(url):
                return self.exchange(url, HEADERS, _json({**message.content, **QUIET}), WEBHOOK_BODY, timeout)
            case BotToken(channel=channel):
                return self._call("chat.postMessage", credentials, api_content(message, channel), timeout)

    def _call(
        self, method: str, credentials: BotToken, content: Mapping[str, object], timeout: float
    ) -> Answer | SlackUnreachable:
        headers = {**HEADERS, "Authorization": f"Bearer {credentials.token}"}
        return self.exchange(f"{self.api_url}/{method}", headers, _json(content), API_BODY, timeout)

    def exchange(
        self, url: str, headers: Mapping[str, str], data: bytes, limit: int, timeout: float
    ) -> Answer | SlackUnreachable:
        """Post the bytes; return the answer, with at most `limit` bytes of its body, or the error to raise.

        The caller raises the error outside an except block, because urllib3's own errors show the URL.
        """
        with Watchdog(timeout) as watchdog:
            try:
                parts = parse_url(url)
                # No session and no pool: they would read a proxy and .netrc from the environment, and the body of a
                # redirect. A new connection: a kept one may have died in a frozen Lambda.
                with closing(watched_connection(parts, self.ca_file, watchdog)) as connection:
                    connection.connect()
                    with suppress(BrokenPipeError, ConnectionResetError):  # Slack may have answered already
                        connection.request("POST", parts.request_uri, data, headers, preload_content=False)
                    with closing(connection.getresponse()) as response:
                        return _read(response, limit)
            except NO_ANSWER as error:
                classification = classify_http(error)
                is_untrusted = classification is not None and classification.code == "certificate"
                return SlackUnreachable(sent=watchdog.connected, is_untrusted=is_untrusted)
            except ValueError:  # http.client refuses a header with an invalid character
                return SlackUnreachable(sent=False)


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, allow_nan=False).encode()


def api_content(message: SlackMessage, channel: str) -> dict[str, object]:
    """Return the fields of chat.postMessage. In a channel other than its thread's the message is no reply."""
    content: dict[str, object] = {"channel": channel, **message.content, **QUIET}
    if message.reply is not None and message.reply.channel == channel:
        content |= {"thread_ts": message.reply.ts, "reply_broadcast": message.reply.is_broadcast}
    return content


def _refusal(credentials: Credentials, answer: Answer) -> SlackRefused | None:
    refusal = webhook_refusal if isinstance(credentials, Webhook) else api_refusal
    return refusal(answer.status, answer.body, answer.retry_after)


def _read(response: BaseHTTPResponse, limit: int) -> Answer:
    """Read status, body and Retry-After. A refusal needs no body."""
    try:
        body = _body(response, limit)
    except NO_ANSWER:
        if 200 <= response.status < 300:  # noqa: PLR2004 - success needs the whole body
            raise
        body = b""
    wait = parse_retry_after(response.headers.get("Retry-After"), date=response.headers.get("Date"))
    return Answer(response.status, body, body_retry_after(body) if wait is None else wait)


def _body(response: BaseHTTPResponse, limit: int) -> bytes:
    """Return the first bytes, undecoded. Reading to the end detects a truncated body."""
    body = b""
    while len(body) < limit and (more := response.read(limit - len(body), decode_content=False)):
        body += more
    return body
