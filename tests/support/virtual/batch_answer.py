"""What Lambda's poller makes of a partial batch response."""

from collections.abc import Sequence

from tests.support.virtual.queue_messages import Received


def to_delete(batch: Sequence[Received], response: object) -> list[str]:
    """The receipt handles of what is done: all for an empty answer, none for one that makes no sense."""
    failures = response.get("batchItemFailures") if isinstance(response, dict) else response
    failed = _identifiers(failures) if failures else set()
    if failed is None or not failed <= {one.message_id for one in batch}:
        return []
    return [one.receipt_handle for one in batch if one.message_id not in failed]


def _identifiers(failures: object) -> set[str] | None:
    """The ids that are named; None where one of them is no id."""
    if not isinstance(failures, list):
        return None
    named = [one.get("itemIdentifier") if isinstance(one, dict) else None for one in failures]
    ids = {one for one in named if isinstance(one, str) and one}
    return ids if len(ids) == len(set(map(str, named))) else None
