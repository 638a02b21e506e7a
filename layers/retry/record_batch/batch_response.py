"""The partial batch response: the records that SQS delivers again."""

from collections.abc import Sequence
from typing import TypedDict


class ItemFailure(TypedDict):
    itemIdentifier: str


class BatchResponse(TypedDict):
    """The records that SQS delivers again; empty if all have ended."""

    batchItemFailures: list[ItemFailure]


class Undelivered(Exception):
    """A batch response cannot name a failed record: the invocation must fail, so that Lambda or SQS tries again."""


def batch_response(failed: Sequence[str], *, of: int) -> BatchResponse:
    """Return the response with the ids of the failed records; `of` is the number of records in the batch.

    Raise Undelivered if one of them has no id ("").
    """
    if nameless := failed.count(""):
        raise Undelivered(f"{nameless} of {of} records were not delivered and cannot be named in a response")
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
