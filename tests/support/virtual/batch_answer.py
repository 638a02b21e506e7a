"""How Lambda reads a partial batch response."""

from collections.abc import Sequence

from tests.support.virtual.queue_messages import Received


def to_delete(batch: Sequence[Received], response: object) -> list[str]:
    """Return the receipt handles of the successful records: all for an empty response, none for an invalid one."""
    failures = response.get("batchItemFailures") if isinstance(response, dict) else response
    failed = _identifiers(failures) if failures else []
    ids = [one.message_id for one in batch]
    if any(one not in ids for one in failed):
        return []
    return [one.receipt_handle for one in batch if one.message_id not in failed]


def _identifiers(failures: object) -> list[object]:
    """Return the identifiers of the failures; None is an entry of another form."""
    if not isinstance(failures, list):
        return [None]
    return [one.get("itemIdentifier") if isinstance(one, dict) else None for one in failures]
