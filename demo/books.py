"""The record of a run: each read of the queues and of Slack adds to it, so that no reset erases an outcome."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from demo.ledger import Alert, Entry, Ledger
from demo.slack.memory import Request

SHOWN_ID = re.compile(r"\bid ([0-9A-Za-z-]+)")
"""The SNS id at the end of each post, and of each alert of a digest."""
MISSES = 2
"""Reads in a row without the alert after which it counts as lost: one read can miss an alert that moves."""


@dataclass(frozen=True)
class Places:
    """The SNS ids in the queues at one read."""

    parked: frozenset[str] = frozenset()
    dead_lettered: frozenset[str] = frozenset()
    in_flight: frozenset[str] = frozenset()


@dataclass
class _Account:
    """One alert with the SNS ids of all its copies."""

    alert: Alert
    ids: list[str] = field(default_factory=list)
    misses: int = 0


class Books:
    """The accounts of all alerts; the ledger is their state as of the last read."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}  # by identity
        self._by_id: dict[str, _Account] = {}
        self._requests: dict[str, list[Request]] = {}  # by SNS id
        self._posts: Counter[str] = Counter()
        self.posts_by_channel: Counter[str] = Counter()
        self._places = Places()

    def publish(self, alert: Alert) -> bool:
        """Open an account; return whether it is new, and no copy of an alert that has one."""
        if alert.id in self._by_id:
            return False
        key = alert.id if alert.is_self_test else alert.identity or alert.id
        is_new = key not in self._accounts
        account = self._accounts.setdefault(key, _Account(alert))
        account.ids.append(alert.id)
        self._by_id[alert.id] = account
        return is_new

    def record(self, request: Request) -> None:
        """Add a request to Slack to the accounts of the alerts that it shows."""
        self.posts_by_channel[request.webhook] += request.is_accepted
        for sns_id in dict.fromkeys(SHOWN_ID.findall(request.body)):
            self._requests.setdefault(sns_id, []).append(request)
            self._posts[sns_id] += request.is_accepted

    def read(self, places: Places) -> None:
        """Replace the places of the last read; count a miss for each alert without any trace."""
        self._places = places
        known = places.parked | places.dead_lettered | places.in_flight
        for account in self._accounts.values():
            is_traced = any(one in known or self._posts[one] for one in account.ids)
            account.misses = 0 if is_traced else account.misses + 1

    def alerts(self) -> Iterable[Alert]:
        """Return each alert once, in order of publication."""
        return [account.alert for account in self._accounts.values()]

    def published_at(self, sns_id: str) -> float:
        """Return the instant at which SNS accepted an alert; infinity if it is not known."""
        account = self._by_id.get(sns_id)
        return account.alert.published_at if account else math.inf

    def posted_ids(self) -> list[str]:
        """Return the SNS ids in accepted posts."""
        return [one for one, posts in self._posts.items() if posts]

    def shown_in(self, request: Request) -> list[Alert]:
        """Return the alerts that a request shows."""
        accounts = (self._by_id.get(one) for one in dict.fromkeys(SHOWN_ID.findall(request.body)))
        return [account.alert for account in accounts if account]

    def requests(self, alert: Alert) -> list[Request]:
        """Return the requests to Slack that show an alert or a copy of it, oldest first."""
        account = self._by_id.get(alert.id)
        found = [one for sns_id in account.ids for one in self._requests.get(sns_id, [])] if account else []
        return sorted(found, key=lambda one: one.number)

    def ledger(self) -> Ledger:
        """Return the ledger as of the last read."""
        entries = [self._entry(account) for account in self._accounts.values()]
        return Ledger(
            tuple(one for one in entries if not (one.alert.is_self_test or one.alert.is_skipped)),
            tuple(one for one in entries if one.alert.is_self_test),
            tuple(one for one in entries if one.alert.is_skipped),
            len(self._by_id) - len(self._accounts),
        )

    def _entry(self, account: _Account) -> Entry:
        places, ids = self._places, account.ids
        posts = sum(self._posts[one] for one in ids)
        is_parked, is_dead, is_in_flight = (
            not where.isdisjoint(ids) for where in (places.parked, places.dead_lettered, places.in_flight)
        )
        is_between = not (posts or is_parked or is_dead) and account.misses < MISSES
        return Entry(account.alert, posts, is_parked, is_dead, is_in_flight or is_between)
