"""What Lambda's poller makes of a partial batch response."""

from collections.abc import Sequence

from tests.support.virtual.queue_messages import Received


def to_delete(batch: Sequence[Received], response: object) -> list[str]:
    """The receipt handles of what is done: all for an empty answer, none for one that makes no sense."""
    failures = response.get("batchItemFailures") if isinstance(response, dict) else response
    failed = _identifiers(failures) if failures else []
    ids = [one.message_id for one in batch]
    if any(one not in ids for one in failed):
        return []
    return [one.receipt_handle for one in batch if one.message_id not in failed]


def _identifiers(failures: object) -> list[object]:
    """What is named, in place of what has another shape None."""
    if not isinstance(failures, list):
        return [None]
    return [one.get("itemIdentifier") if isinstance(one, dict) else None for one in failures]
