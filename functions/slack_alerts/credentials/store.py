"""A destination's name -> access to it, kept for five minutes and, if the store fails, for a day."""

import time
from dataclasses import dataclass, field

from configuration.stores import Store, Unreadable, read_stored
from observability.telemetry import logger
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from slack_alerts.credentials.secret_text import MalformedSecret, parse_secret
from slack_alerts.models import Access, BotToken, Credentials, CredentialsMissing, CredentialsUnavailable
from slack_alerts.slack.egress import Egress, ForbiddenUrl

KEPT = 300.0
"""Seconds; so long an old secret may be used after it was changed, unless Slack refuses it."""
KEPT_AT_MOST = 86_400.0
"""Seconds since its last reading; so long it is used while no newer one can be read."""
KEPT_AFTER_ERROR = 30.0
"""Seconds until a store that failed is asked again."""
MISSING_FOR = 5.0
"""Seconds between two reads of a missing secret: a storm must not use up the account's 40 reads a second."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Access as it was read."""

    access: Access
    until: float
    at_most_until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialStore:
    """The access to the destinations under one path of a store."""

    store: Store
    path: str
    egress: Egress
    api_url: str
    """Where bots' tokens post."""
    policy: RetryPolicy
    clock: Clock = time.monotonic
    kept: dict[str, Kept] = field(default_factory=dict, repr=False)
    missing: dict[str, float] = field(default_factory=dict)
    """Until when a secret counts as missing."""

    def find(self, destination: str, deadline: Deadline) -> Access:
        """Raises CredentialsMissing or CredentialsUnavailable: the destination and a rule or code, never the value."""
        kept = self.kept.get(destination)
        if kept is not None and self.clock() < kept.until:
            return kept.access
        if self.clock() < self.missing.get(destination, float("-inf")):
            raise CredentialsMissing(f"destination {destination}: there was no secret a moment ago")
        try:
            access = self._read(destination, deadline)
        except (CredentialsMissing, CredentialsUnavailable) as error:
            return self._instead(destination, error)
        if access is None:
            self.kept.pop(destination, None)  # a removed secret must not be used any more
            self.missing[destination] = self.clock() + MISSING_FOR
            raise CredentialsMissing(f"destination {destination}: there is no secret")
        return access

    def find_again(self, destination: str, deadline: Deadline) -> Access | None:
        """What the store has now, after Slack refused what was found; None where that is nothing new.

        Raises CredentialsUnavailable where the store does not say: then nobody knows whether Slack still refuses.
        """
        kept = self.kept.get(destination)
        try:
            access = self._read(destination, deadline)
        except CredentialsMissing as error:
            logger.warning("new secret not used", extra={"problem": str(error)})
            return None
        is_old = access is None or (kept is not None and access.credentials == kept.access.credentials)
        return None if is_old else access

    def _read(self, destination: str, deadline: Deadline) -> Access | None:
        """From the store, and kept from now on; None where it has none."""
        try:
            stored = read_stored(self.store, f"{self.path}/{destination}", self.policy, deadline)
            if stored is None:
                return None
            access = Access(self._checked(parse_secret(stored.text, self.egress)), stored.version)
        except Unreadable as problem:
            raise CredentialsUnavailable(f"destination {destination}: {problem}") from problem
        except MalformedSecret as problem:
            raise CredentialsMissing(f"destination {destination}: {problem}") from problem
        except ForbiddenUrl as problem:
            raise CredentialsMissing(f"destination {destination}: SLACK_API_URL {problem}") from problem
        now = self.clock()
        self.kept[destination] = Kept(access, now + KEPT, now + KEPT_AT_MOST)
        return access

    def _checked(self, credentials: Credentials) -> Credentials:
        """A stack of webhooks alone calls no Web API: its address may stay one that is not allowed."""
        if isinstance(credentials, BotToken):
            self.egress.check(self.api_url)
        return credentials

    def _instead(self, destination: str, error: CredentialsMissing | CredentialsUnavailable) -> Access:
        """What is kept, if it is not too old; raises the error otherwise."""
        kept, now = self.kept.get(destination), self.clock()
        if kept is None or now >= kept.at_most_until:
            raise error
        logger.warning("old secret used", extra={"problem": str(error)})
        self.kept[destination] = Kept(kept.access, now + KEPT_AFTER_ERROR, kept.at_most_until)
        return kept.access
