"""Decides which messages of a queue are new, by the ids reported earlier and, if some are unseen, by depth.

all of the queue seen:   new = seen - told
some of it unseen:       new = max(seen - told - unnamed, depth - depth at the last look)
"""

from hashlib import sha256

from notices.models import TOLD_LIMIT, Arrivals, Cursor, Look

LISTED = 10
HASH_LENGTH = 16


def arrivals(queue: str, look: Look, cursor: Cursor, looked_at: float) -> Arrivals:
    """Return the new messages and the next cursor, which is valid once they are reported."""
    told = frozenset(cursor.told)
    unknown = sorted((one for one in look.seen if hashed(one.message_id) not in told), key=lambda one: -one.sent_at)
    # A message sent before the last look may be one that was reported by count only; a later message cannot.
    older = sum(one.sent_at <= cursor.looked_at for one in unknown)
    recognised = min(cursor.unnamed, older)
    new = unknown[: len(unknown) - recognised]
    growth = look.depth - cursor.depth if look.is_partial and not look.is_exhausted else 0
    count = max(len(new), growth)
    return Arrivals(
        queue=queue,
        count=count,
        is_minimum=look.is_partial,
        depth=look.depth,
        listed=tuple(new[:LISTED]),
        cursor=Cursor(
            told=_told(cursor, look),
            unnamed=min(cursor.unnamed - recognised + count - len(new), look.depth - len(look.seen)),
            depth=look.depth,
            looked_at=looked_at,
        ),
    )


def hashed(message_id: str) -> str:
    """Return a short hash of a message id."""
    return sha256(message_id.encode()).hexdigest()[:HASH_LENGTH]


def _told(cursor: Cursor, look: Look) -> tuple[str, ...]:
    """Append the ids of the seen messages, sorted: the cursor must not depend on the order of SQS's answers."""
    seen = {hashed(one.message_id) for one in look.seen}
    return (*(one for one in cursor.told if one not in seen), *sorted(seen))[-TOLD_LIMIT:]
