"""Batch calls of AWS: each attempt sends only the entries that failed before.

sending = send_message_batch(sqs.send_message_batch, entries, QueueUrl=url)
AWS_WRITE.call(deadline, sending)         # raises EntriesFailed, whose `failed` lists the entries
"""

from collections.abc import Callable, Iterable
from functools import partial

from retry_policies.batch_answers import (
    Call,
    Entry,
    FailedEntry,
    failed_by_id,
    failed_by_position,
    unprocessed,
)
from retry_policies.classification import Classification, ErrorKind

WORST_FIRST = (ErrorKind.AMBIGUOUS, ErrorKind.THROTTLED, ErrorKind.TRANSIENT)
"""The worst kind decides: entries are sent again together or not at all."""


class EntriesFailed[E](Exception):
    """Some entries of a batch call were not taken, or may not have been."""

    def __init__(self, refused: list[FailedEntry[E]], pending: list[FailedEntry[E]]) -> None:
        super().__init__(f"{len(refused) + len(pending)} entries were not taken")
        self.failed = (*refused, *pending)
        kinds = {one.classification.kind for one in pending}
        worst = next((kind for kind in WORST_FIRST if kind in kinds), ErrorKind.PERMANENT)
        waits = [one.classification.retry_after for one in pending if one.classification.retry_after is not None]
        self.classification = Classification(worst, max(waits, default=None), "entries_failed")


class BatchCall[E]:
    """A call with the entries that are still pending."""

    def __init__(self, send: Callable[[list[E]], list[FailedEntry[E]]], entries: Iterable[E]) -> None:
        self.pending = list(entries)
        """Not sent yet, or to be sent again."""
        self.refused: list[FailedEntry[E]] = []
        """Not to be sent again."""
        self._send = send

    def __call__(self) -> None:
        failed = self._send(self.pending) if self.pending else []
        self.refused += [one for one in failed if one.classification.kind is ErrorKind.PERMANENT]
        pending = [one for one in failed if one.classification.kind is not ErrorKind.PERMANENT]
        self.pending = [one.entry for one in pending]
        if self.refused or pending:
            raise EntriesFailed(self.refused, pending)


def send_message_batch(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """Return a call of SQS SendMessageBatch, ChangeMessageVisibilityBatch or DeleteMessageBatch."""
    return BatchCall(partial(failed_by_id, call, "Entries", request), entries)


def publish_batch(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """Return a call of SNS PublishBatch."""
    return BatchCall(partial(failed_by_id, call, "PublishBatchRequestEntries", request), entries)


def put_events(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """Return a call of EventBridge PutEvents."""
    return BatchCall(partial(failed_by_position, call, "Entries", request), entries)


def put_records(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """Return a call of Kinesis PutRecords."""
    return BatchCall(partial(failed_by_position, call, "Records", request), entries)


def batch_write_item(call: Call, entries: Iterable[tuple[str, Entry]]) -> BatchCall[tuple[str, Entry]]:
    """Return a call of DynamoDB BatchWriteItem; an entry is (table, write request)."""
    return BatchCall(partial(unprocessed, call), entries)
