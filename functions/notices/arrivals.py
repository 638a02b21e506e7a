"""Decide which messages of a queue are new: by the ids reported earlier, and by depth if some messages are unseen.

all of the queue seen:   new = seen - reported - unnamed
some of it unseen:       new = max(seen - reported - unnamed, depth - depth at the last reading)
"""

from hashlib import sha256

from notices.models import REPORTED_LIMIT, Arrivals, Cursor, Snapshot

LISTED = 10
HASH_LENGTH = 16


def arrivals(queue: str, snapshot: Snapshot, cursor: Cursor, read_at: float) -> Arrivals:
    """Return the new messages and the next cursor, which is valid once they are reported."""
    reported = frozenset(cursor.reported)
    unknown = [one for one in snapshot.seen if hashed(one.message_id) not in reported]
    unknown.sort(key=lambda one: -one.sent_at)
    # A message sent before the last reading may be one that was reported by count only; a later message cannot.
    older = sum(one.sent_at <= cursor.read_at for one in unknown)
    recognised = min(cursor.unnamed, older)
    new = unknown[: len(unknown) - recognised]
    growth = snapshot.depth - cursor.depth if snapshot.is_partial and not snapshot.is_exhausted else 0
    count = max(len(new), growth)
    return Arrivals(
        queue=queue,
        count=count,
        is_minimum=snapshot.is_partial,
        depth=snapshot.depth,
        listed=tuple(new[:LISTED]),
        cursor=Cursor(
            reported=_reported(cursor, snapshot),
            unnamed=min(cursor.unnamed - recognised + count - len(new), snapshot.depth - len(snapshot.seen)),
            depth=snapshot.depth,
            read_at=read_at,
        ),
    )


def hashed(message_id: str) -> str:
    """Return a short hash of a message id."""
    return sha256(message_id.encode()).hexdigest()[:HASH_LENGTH]


def _reported(cursor: Cursor, snapshot: Snapshot) -> tuple[str, ...]:
    """Append the ids of the seen messages, sorted: the cursor must not depend on the order of SQS's answers."""
    seen = {hashed(one.message_id) for one in snapshot.seen}
    return (*(one for one in cursor.reported if one not in seen), *sorted(seen))[-REPORTED_LIMIT:]
