"""The row of a claim: its key, and the row with which an invocation claims the alert, if it may."""

from dataclasses import replace
from hashlib import sha256

from outcomes.outcome import Duplicate, Later, LaterReason
from shared_state.rows import Row, State

RETENTION = 30 * 86_400.0
"""Seconds that a row is kept: longer than queue and dead-letter queue keep a message, with room for redrives."""


def claim_key(destination: str, identity: str) -> str:
    """Return the row's key; the identity is hashed because it may have any length."""
    return f"claim#{destination}#{sha256(identity.encode(errors='surrogatepass')).hexdigest()}"


def claimed_row(current: Row | None, *, now: float, hop: int, lease: float, token: str) -> Row | Duplicate | Later:
    """Return the row that claims the alert, or the outcome if it cannot be claimed.

    An open claim counts as a post without an answer. Ending the claim subtracts it; a lapsed lease does not.
    """
    fresh = Row(token=token, state=State.CLAIMED, until=now + lease, count=1, expires=now + RETENTION, hop=hop)
    if current is None or current.expires <= now:
        return fresh
    doubt = current.is_doubtful or current.count > 0
    match current.state:
        case State.POSTED:
            return Duplicate()
        case State.PARKED:
            return Duplicate(is_parked=True) if hop <= current.hop else replace(fresh, is_doubtful=doubt)
        case State.CLAIMED if now < current.until:
            # `min`: a clock that was set back would make the wait longer than a lease.
            return Later(LaterReason.IN_PROGRESS, min(lease, current.until - now))
        case _:
            has_lapsed = current.state is State.CLAIMED
            return replace(
                fresh,
                count=current.count + 1,
                hop=max(hop, current.hop),
                is_doubtful=doubt,
                failures=current.failures + has_lapsed,
                failing_since=current.failing_since or (now if has_lapsed else 0.0),
                crashes=current.crashes + (has_lapsed and not current.is_alone),
                simplified=current.simplified,
            )
