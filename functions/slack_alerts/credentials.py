"""A destination's name -> its webhook, read from SSM and kept for five minutes."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from slack_alerts.models import CredentialsError, Webhook

KEPT = 300.0
"""Seconds; so long an old webhook may be used after it was changed."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Parameters(Protocol):
    """The part of the SSM client that is called here."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]: ...  # noqa: N803


@dataclass(frozen=True, slots=True)
class Credentials:
    """The webhooks of the destinations under one SSM path."""

    parameters: Parameters
    path: str
    policy: RetryPolicy
    clock: Clock = time.monotonic
    kept: dict[str, tuple[float, Webhook]] = field(default_factory=dict, repr=False)

    def webhook(self, destination: str, deadline: Deadline) -> Webhook:
        """Raises CredentialsError, which names the destination and the rule, never the value."""
        if destination in self.kept and self.clock() < self.kept[destination][0]:
            return self.kept[destination][1]
        webhook = _webhook(destination, self._read(destination, deadline))
        self.kept[destination] = (self.clock() + KEPT, webhook)
        return webhook

    def _read(self, destination: str, deadline: Deadline) -> str:
        name = f"{self.path}/{destination}"
        try:
            answer = self.policy.call(deadline, self.parameters.get_parameter, Name=name, WithDecryption=True)
        except ClientError as error:
            raise CredentialsError(f"destination {destination}: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise CredentialsError(f"destination {destination}: {type(error).__name__}") from error
        return str(answer["Parameter"]["Value"])


def _webhook(destination: str, value: str) -> Webhook:
    """The trimmed URL, if it is one that may be called: https, or http to this machine."""
    url = value.strip()
    problem = _problem(url)
    if problem:
        raise CredentialsError(f"destination {destination}: the webhook {problem}")
    return Webhook(url)


def _problem(url: str) -> str:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "must be one line of plain ASCII"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if not host or parts.username is not None or parts.password is not None:
        return "must name a host, and no user"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return "must start with https://"
    return ""
