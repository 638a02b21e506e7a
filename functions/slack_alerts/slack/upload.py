"""Upload a file into a thread: Slack gives a URL, takes the bytes there, and shows the file once it is complete.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal
The upload URL is as secret as a token: it stays out of repr, logs and errors.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

from retry_policies import Classification, ErrorKind
from slack_alerts.models import BotToken, Place, Refused, SlackRefused, SlackUnreachable
from slack_alerts.slack.answers import UNEXPECTED, api_refusal
from slack_alerts.slack.egress import LOOPBACK, Egress, ForbiddenUrl
from slack_alerts.slack.http import API_BODY, WEBHOOK_BODY, Answer, SlackHttp

FILE_ID = re.compile(r"F[A-Z0-9]{2,20}")
UPLOAD_HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity"}
BYTES = {"Content-Type": "application/octet-stream", "Accept-Encoding": "identity"}
"""Without the token, which only the Web API needs."""


@dataclass(frozen=True, slots=True)
class File:
    """A file for Slack."""

    name: str
    title: str
    alt_text: str
    """The description for readers who do not see the picture; Slack takes 1000 characters."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place for the bytes of one file."""

    url: str = field(repr=False)
    file_id: str


@dataclass(frozen=True, slots=True)
class SlackUpload:
    """The three calls of an upload. Each raises SlackRefused or SlackUnreachable."""

    http: SlackHttp
    egress: Egress

    def reserve(self, credentials: BotToken, file: File, timeout: float) -> Ticket:
        """Return the place for the file. Raises ForbiddenUrl if Slack's answer names a host other than its own."""
        fields = {"filename": file.name, "length": str(len(file.data)), "alt_txt": file.alt_text}
        answer = self._call("files.getUploadURLExternal", credentials, fields, timeout)
        url, file_id = _text(answer, "upload_url"), _text(answer, "file_id")
        if not FILE_ID.fullmatch(file_id):
            raise SlackRefused(UNEXPECTED, Refused.UNEXPECTED)
        self._check(url)
        return Ticket(url, file_id)

    def send(self, ticket: Ticket, file: File, timeout: float) -> None:
        """Send the bytes."""
        answer = self.http.exchange(ticket.url, BYTES, file.data, WEBHOOK_BODY, timeout)
        if isinstance(answer, SlackUnreachable):
            raise answer
        if answer.status != HTTPStatus.OK:
            _refuse(answer)

    def complete(self, credentials: BotToken, ticket: Ticket, file: File, place: Place, timeout: float) -> None:
        """Show the file as a reply to this message, in the thread of that message if it is a reply itself."""
        fields = {
            "files": json.dumps([{"id": ticket.file_id, "title": file.title}]),
            "channel_id": place.channel,
            "thread_ts": place.thread_ts or place.ts,
        }
        self._call("files.completeUploadExternal", credentials, fields, timeout)

    def _call(
        self, method: str, credentials: BotToken, fields: Mapping[str, str], timeout: float
    ) -> Mapping[str, object]:
        """Call a method of the Web API with a form, which all methods take; return its answer."""
        headers = {**FORM, "Authorization": f"Bearer {credentials.token}"}
        data = urlencode(fields).encode()
        answer = self.http.exchange(f"{self.http.api_url}/{method}", headers, data, API_BODY, timeout)
        if isinstance(answer, SlackUnreachable):
            raise answer
        refused = api_refusal(answer.status, answer.body, answer.retry_after)
        if refused is not None:
            raise refused
        return json.loads(answer.body)  # type: ignore[no-any-return] # an object, or api_refusal had refused it

    def _check(self, url: str) -> None:
        """Check that the URL is on one of Slack's file hosts or on the host of the Web API."""
        parts, api = self.egress.check(url), urlsplit(self.http.api_url)
        if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
            return
        if parts.hostname in LOOPBACK or parts.hostname not in UPLOAD_HOSTS:
            raise ForbiddenUrl("must name the host of Slack's files")


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def _refuse(answer: Answer) -> NoReturn:
    """Raise the error for a status other than 200 of the upload URL, whose body has no code."""
    refused = api_refusal(answer.status, b"", answer.retry_after)
    raise refused or SlackRefused(Classification(ErrorKind.PERMANENT), Refused.UNEXPECTED)
