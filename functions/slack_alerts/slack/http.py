"""One post to Slack: success, or an error that carries no URL, no token and no text of Slack's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import requests
import urllib3

from retry_policies.http import classify_http, parse_retry_after
from slack_alerts.models import BotToken, Credentials, SlackMessage, SlackRefused, SlackUnreachable, Webhook
from slack_alerts.slack.answers import classify_api_answer, classify_webhook_answer, patience
from slack_alerts.slack.watchdog import Watchdog, WatchedAdapter

WEBHOOK_BODY = 4096
"""Bytes of a webhook's answer that are read; it is a word."""
API_BODY = 65_536
"""Bytes of the Web API's answer that are read; it repeats the message."""
HEADERS = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}
QUIET = {"unfurl_links": False, "unfurl_media": False}
"""Slack fetches nothing for a link that came from outside."""


class Session(requests.Session):
    """Looks at no redirect: requests reads its body, unpacked, and its Location even where it follows none."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None for any answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is read of an answer."""

    status: int
    body: bytes
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class SlackHttp:
    """Posts to webhooks, and to the Web API at `api_url`."""

    api_url: str = "https://slack.com/api"
    ca_file: str | None = None
    """Certificates to trust in place of certifi's."""

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        """Hand the message over, in `timeout` seconds all told.

        Raises SlackRefused for an answer that is no success, SlackUnreachable where none came.
        """
        answer = self._send(credentials, message, timeout)
        if isinstance(answer, SlackUnreachable):
            raise answer  # here, outside the except block: requests' own errors show the URL
        refused = _classify_answer(credentials, answer)
        if refused is not None:
            raise refused

    def _send(self, credentials: Credentials, message: SlackMessage, timeout: float) -> Answer | SlackUnreachable:
        content: dict[str, object] = {"text": message.text, **QUIET}
        if message.blocks:
            content["blocks"] = list(message.blocks)
        match credentials:
            case Webhook(url):
                return self._exchange(url, HEADERS, content, WEBHOOK_BODY, timeout)
            case BotToken(token, channel):
                headers = {**HEADERS, "Authorization": f"Bearer {token}"}
                url = f"{self.api_url}/chat.postMessage"
                return self._exchange(url, headers, {"channel": channel, **content}, API_BODY, timeout)

    def _exchange(
        self, url: str, headers: Mapping[str, str], content: Mapping[str, object], limit: int, timeout: float
    ) -> Answer | SlackUnreachable:
        data = json.dumps(content, allow_nan=False).encode()
        with Watchdog(timeout) as watchdog:
            try:
                with Session() as session:  # a fresh connection: a kept one may have died in a frozen Lambda
                    session.trust_env = False  # no proxy, no .netrc: the environment does not decide where it goes
                    for scheme in ("https://", "http://"):
                        session.mount(scheme, WatchedAdapter(watchdog))
                    with session.post(
                        url,
                        data=data,
                        headers=headers,
                        timeout=timeout,
                        allow_redirects=False,
                        stream=True,
                        verify=self.ca_file or True,
                    ) as response:
                        return _read(response, limit)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                classification = classify_http(error)
                is_untrusted = classification is not None and classification.code == "certificate"
                return SlackUnreachable(sent=watchdog.connected, is_untrusted=is_untrusted)


def _classify_answer(credentials: Credentials, answer: Answer) -> SlackRefused | None:
    classify = classify_webhook_answer if isinstance(credentials, Webhook) else classify_api_answer
    return classify(answer.status, answer.body, answer.retry_after)


def _read(response: requests.Response, limit: int) -> Answer:
    """Status, first bytes of the body, Retry-After. Of a refusal the status is enough; a success must be read whole."""
    try:
        body = _body(response.raw, limit)
    except (urllib3.exceptions.HTTPError, OSError):
        if 200 <= response.status_code < 300:  # noqa: PLR2004 - only a success must be read whole
            raise
        body = b""
    wait = parse_retry_after(response.headers.get("Retry-After"), date=response.headers.get("Date"))
    return Answer(response.status_code, body, patience(body) if wait is None else wait)


def _body(raw: urllib3.HTTPResponse, limit: int) -> bytes:
    """The first bytes, undecoded; a read after the last one is what tells a short body from a whole one."""
    body = b""
    while len(body) < limit and (more := raw.read(limit - len(body), decode_content=False)):
        body += more
    return body
