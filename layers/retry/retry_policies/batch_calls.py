"""Batch calls of AWS, whose entries succeed or fail one by one: each attempt sends only those that failed.

sending = send_message_batch(sqs.send_message_batch, entries, QueueUrl=url)
AWS_WRITE.call(deadline, sending)         # raises EntriesFailed, which names what did not go through
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
"""One entry that may have been taken is enough: they are sent again together, or not at all."""


class EntriesFailed[E](Exception):
    """Some entries of a batch call were not taken, or nobody knows of them; the others were."""

    def __init__(self, refused: list[FailedEntry[E]], again: list[FailedEntry[E]]) -> None:
        super().__init__(f"{len(refused) + len(again)} entries were not taken")
        self.failed = (*refused, *again)
        kinds = {one.classification.kind for one in again}
        worst = next((kind for kind in WORST_FIRST if kind in kinds), ErrorKind.PERMANENT)
        self.classification = Classification(worst, code="entries_failed")


class BatchCall[E]:
    """One attempt is one call, with the entries still pending. After it, `pending` and `refused` tell what is open."""

    def __init__(self, send: Callable[[list[E]], list[FailedEntry[E]]], entries: Iterable[E]) -> None:
        self.pending = list(entries)
        """Not sent, or worth sending again."""
        self.refused: list[FailedEntry[E]] = []
        """Not to be sent again."""
        self._send = send

    def __call__(self) -> None:
        failed = self._send(self.pending) if self.pending else []
        self.refused += [one for one in failed if one.classification.kind is ErrorKind.PERMANENT]
        again = [one for one in failed if one.classification.kind is not ErrorKind.PERMANENT]
        self.pending = [one.entry for one in again]
        if self.refused or again:
            raise EntriesFailed(self.refused, again)


def send_message_batch(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """SQS SendMessageBatch; ChangeMessageVisibilityBatch and DeleteMessageBatch answer alike."""
    return BatchCall(partial(failed_by_id, call, "Entries", request), entries)


def publish_batch(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """SNS PublishBatch."""
    return BatchCall(partial(failed_by_id, call, "PublishBatchRequestEntries", request), entries)


def put_events(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """EventBridge PutEvents."""
    return BatchCall(partial(failed_by_position, call, "Entries", request), entries)


def put_records(call: Call, entries: Iterable[Entry], **request: object) -> BatchCall[Entry]:
    """Kinesis PutRecords."""
    return BatchCall(partial(failed_by_position, call, "Records", request), entries)


def batch_write_item(call: Call, entries: Iterable[tuple[str, Entry]]) -> BatchCall[tuple[str, Entry]]:
    """DynamoDB BatchWriteItem; an entry is (table, write request)."""
    return BatchCall(partial(unprocessed, call), entries)
