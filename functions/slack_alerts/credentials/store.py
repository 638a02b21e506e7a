"""A destination's name -> its credentials, cached for five minutes and, if the store fails, for a day."""

import time
from dataclasses import dataclass, field

from configuration.stores import Store, Unreadable, read_stored
from observability.telemetry import logger
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from slack_alerts.credentials.secret_text import MalformedSecret, parse_secret
from slack_alerts.models import Access, BotToken, Credentials, CredentialsMissing, CredentialsUnavailable
from slack_alerts.slack.egress import Egress, ForbiddenUrl

CACHED_FOR = 300.0
"""Seconds for which an old secret may be used after a change, unless Slack refuses it."""
USABLE_FOR = 86_400.0
"""Seconds after its last read for which a secret is used while no newer one can be read."""
CACHED_AFTER_ERROR = 30.0
"""Seconds until the next read after the store failed, unless it asked for a longer wait."""
MISSING_FOR = 5.0
"""Seconds between two reads of a missing secret: they must not use up the account's 40 reads per second."""


@dataclass(frozen=True, slots=True)
class Cached:
    access: Access
    until: float
    usable_until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialStore:
    """The credentials of all destinations; their secrets have the prefix `path`."""

    store: Store
    path: str
    egress: Egress
    api_url: str
    """The Web API's URL, for bot tokens."""
    policy: RetryPolicy
    clock: Clock = time.monotonic
    cache: dict[str, Cached] = field(default_factory=dict, repr=False)
    missing: dict[str, float] = field(default_factory=dict)
    """By destination: the instant of the next read of a missing secret."""

    def find(self, destination: str, deadline: Deadline) -> Access:
        """Return the credentials. Raises CredentialsMissing or CredentialsUnavailable."""
        cached = self.cache.get(destination)
        if cached is not None and self.clock() < cached.until:
            return cached.access
        if self.clock() < self.missing.get(destination, float("-inf")):
            raise CredentialsMissing(f"destination {destination}: the secret was missing at the last read")
        try:
            access = self._read(destination, deadline)
        except (CredentialsMissing, CredentialsUnavailable) as error:
            return self._cached(destination, error)
        if access is None:
            self.cache.pop(destination, None)  # a removed secret must not be used any more
            self.missing[destination] = self.clock() + MISSING_FOR
            raise CredentialsMissing(f"destination {destination}: there is no secret")
        return access

    def find_newer(self, destination: str, deadline: Deadline) -> Access | None:
        """Read the secret again after Slack refused it. Return None if it is unchanged, missing or malformed.

        Raises CredentialsUnavailable if the store fails: the secret may be newer than the refused one.
        """
        cached = self.cache.get(destination)
        try:
            access = self._read(destination, deadline)
        except CredentialsMissing as error:
            logger.warning("new secret not used", extra={"problem": str(error)})
            return None
        is_old = access is None or (cached is not None and access.credentials == cached.access.credentials)
        return None if is_old else access

    def _read(self, destination: str, deadline: Deadline) -> Access | None:
        """Read and cache the secret; return None if there is none."""
        try:
            stored = read_stored(self.store, f"{self.path}/{destination}", self.policy, deadline)
            if stored is None:
                return None
            access = Access(self._check(parse_secret(stored.text, self.egress)), stored.version)
        except Unreadable as problem:
            raise CredentialsUnavailable(f"destination {destination}: {problem}", problem.retry_after) from problem
        except MalformedSecret as problem:
            raise CredentialsMissing(f"destination {destination}: {problem}") from problem
        except ForbiddenUrl as problem:
            raise CredentialsMissing(f"destination {destination}: SLACK_API_URL {problem}") from problem
        now = self.clock()
        self.cache[destination] = Cached(access, now + CACHED_FOR, now + USABLE_FOR)
        return access

    def _check(self, credentials: Credentials) -> Credentials:
        """Check the Web API's URL only for a bot token: a stack of webhooks does not call it."""
        if isinstance(credentials, BotToken):
            self.egress.check(self.api_url)
        return credentials

    def _cached(self, destination: str, error: CredentialsMissing | CredentialsUnavailable) -> Access:
        """Return the cached access if it is still usable; raise the error otherwise."""
        cached, now = self.cache.get(destination), self.clock()
        if cached is None or now >= cached.usable_until:
            raise error
        logger.warning("old secret used", extra={"problem": str(error)})
        asked = error.retry_after if isinstance(error, CredentialsUnavailable) else 0.0
        self.cache[destination] = Cached(cached.access, now + max(CACHED_AFTER_ERROR, asked), cached.usable_until)
        return cached.access
