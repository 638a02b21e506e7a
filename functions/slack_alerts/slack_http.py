"""One post to an incoming webhook: success, or an error that carries no URL and no text of Slack's."""

import json
from http import HTTPStatus

import requests
import urllib3

from retry_policies.classification import ErrorKind
from retry_policies.http import classify_http, parse_retry_after
from retry_policies.slack import webhook_code
from slack_alerts.models import SlackMessage, SlackRefused, SlackUnreachable, Webhook

CONNECT_TIMEOUT = 2.0
BODY_LIMIT = 4096
"""Bytes of an answer that are read; Slack's are a word."""
HEADERS = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}


def post(webhook: Webhook, message: SlackMessage, timeout: float) -> None:
    """Hand the message to Slack, with at most `timeout` seconds of silence. Success is 200 and `ok`, nothing else.

    Raises SlackRefused for any other answer, SlackUnreachable where none came.
    """
    answer = _exchange(webhook, message, timeout)
    if isinstance(answer, SlackUnreachable):
        raise answer  # here, outside the except block: requests' own errors show the URL
    status, body, retry_after = answer
    if status != HTTPStatus.OK or body != b"ok":
        raise SlackRefused(status, webhook_code(body), retry_after)


def _exchange(
    webhook: Webhook, message: SlackMessage, timeout: float
) -> tuple[int, bytes, float | None] | SlackUnreachable:
    """(status, first bytes of the body, Retry-After), or the error to raise."""
    data = json.dumps({"text": message.text, "blocks": list(message.blocks)}, allow_nan=False).encode()
    try:
        with requests.Session() as session:  # a fresh connection: a kept one may have died while Lambda was frozen
            session.trust_env = False  # no proxy, no .netrc: the environment does not decide where an alert goes
            with session.post(
                webhook.url,
                data=data,
                headers=HEADERS,
                timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                headers = response.headers
                wait = parse_retry_after(headers.get("Retry-After"), date=headers.get("Date"))
                return response.status_code, _body(response.raw), wait
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        judged = classify_http(error)
        return SlackUnreachable(sent=judged is None or judged.kind is ErrorKind.AMBIGUOUS)


def _body(raw: urllib3.HTTPResponse) -> bytes:
    """The answer's first bytes, undecoded; a read after the last one is what tells a short body from a whole one."""
    body = b""
    while len(body) < BODY_LIMIT and (more := raw.read(BODY_LIMIT - len(body), decode_content=False)):
        body += more
    return body
