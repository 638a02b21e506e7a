"""A destination's name -> its credentials, kept for five minutes and, where the store fails, for a day."""

import time
from dataclasses import dataclass, field

from record_batch.telemetry import logger
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from slack_alerts.egress import Egress
from slack_alerts.models import Credentials, CredentialsMissing, CredentialsUnavailable
from slack_alerts.secret_text import MalformedSecret, parse_secret
from slack_alerts.stores import Store, Unreadable, read_text

KEPT = 300.0
"""Seconds; so long an old secret may be used after it was changed, unless Slack refuses it."""
KEPT_AT_MOST = 86_400.0
"""Seconds since its last reading; so long it is used while no newer one can be read."""
KEPT_AFTER_ERROR = 30.0
"""Seconds until a store that failed is asked again."""
FORCED_EVERY = 5.0
"""Seconds between two forced readings: a revoked webhook in a storm does not wear the store out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Credentials as they were read."""

    credentials: Credentials
    until: float
    at_most_until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The credentials of the destinations under one path of a store."""

    store: Store
    path: str
    egress: Egress
    policy: RetryPolicy
    clock: Clock = time.monotonic
    kept: dict[str, Kept] = field(default_factory=dict, repr=False)
    forced: dict[str, float] = field(default_factory=dict, repr=False)
    """When each destination may be read by force again."""

    def find(self, destination: str, deadline: Deadline) -> Credentials:
        """Raises CredentialsMissing or CredentialsUnavailable: the destination and a rule or code, never the value."""
        kept = self.kept.get(destination)
        if kept is not None and self.clock() < kept.until:
            return kept.credentials
        return self._read(destination, deadline)

    def find_again(self, destination: str, deadline: Deadline) -> Credentials | None:
        """What the store has now, after Slack refused what was found; None where that is nothing new."""
        if self.clock() < self.forced.get(destination, float("-inf")):
            return None
        self.forced[destination] = self.clock() + FORCED_EVERY
        kept = self.kept.get(destination)
        try:
            found = self._read(destination, deadline)
        except (CredentialsMissing, CredentialsUnavailable) as error:
            logger.warning("secret not read again", extra={"problem": str(error)})
            return None
        return None if kept is not None and found == kept.credentials else found

    def _read(self, destination: str, deadline: Deadline) -> Credentials:
        """From the store; from what is kept where the store fails or has something that cannot be used."""
        error: CredentialsMissing | CredentialsUnavailable
        try:
            text = read_text(self.store, f"{self.path}/{destination}", self.policy, deadline)
            if text is not None:
                return self._keep(destination, parse_secret(text, self.egress))
        except Unreadable as problem:
            error = CredentialsUnavailable(f"destination {destination}: {problem}")
        except MalformedSecret as problem:
            error = CredentialsMissing(f"destination {destination}: {problem}")
        else:
            self.kept.pop(destination, None)  # whoever removes a secret wants it used no more
            raise CredentialsMissing(f"destination {destination}: there is no secret")
        return self._instead(destination, error)

    def _keep(self, destination: str, credentials: Credentials) -> Credentials:
        now = self.clock()
        self.kept[destination] = Kept(credentials, now + KEPT, now + KEPT_AT_MOST)
        return credentials

    def _instead(self, destination: str, error: CredentialsMissing | CredentialsUnavailable) -> Credentials:
        """What is kept, if it is not too old; raises the error otherwise."""
        kept, now = self.kept.get(destination), self.clock()
        if kept is None or now >= kept.at_most_until:
            raise error
        logger.warning("old secret used", extra={"problem": str(error)})
        self.kept[destination] = Kept(kept.credentials, now + KEPT_AFTER_ERROR, kept.at_most_until)
        return kept.credentials
