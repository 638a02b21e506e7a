"""The limits of SQS for messages, and its answers to batch calls."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from tests.support.virtual.faults import client_error

SIZE_LIMIT = 1_048_576
"""Bytes of one message, and of all messages of one batch call."""
ATTRIBUTES_LIMIT = 10
ENTRIES_LIMIT = 10
LONGEST_DELAY = 900
REFUSED_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FIFO_ID = re.compile(r"[!-~]{1,128}")
"""A message group id or a deduplication id."""
CODE = "AWS.SimpleQueueService."

type Answer = dict[str, Any]
type Entry = Mapping[str, Any]
type Entries = Sequence[Entry]


def each(entries: Entries, do: Callable[[Entry], Answer]) -> Answer:
    """Answer a batch call. An entry that fails is named in the answer; the call itself succeeds."""
    _check_entries(entries)
    done: list[Answer] = []
    failed: list[Answer] = []
    for entry in entries:
        try:
            done.append({"Id": entry["Id"], **do(entry)})
        except ClientError as error:
            answer = error.response
            is_ours = answer["ResponseMetadata"]["HTTPStatusCode"] < HTTPStatus.INTERNAL_SERVER_ERROR
            failed.append({"Id": entry["Id"], "SenderFault": is_ours, "Code": answer["Error"]["Code"]})
    return {key: value for key, value in {"Successful": done, "Failed": failed}.items() if value}


def check_sizes(entries: Entries) -> None:
    """Raise ClientError if the messages of a batch call are too long together."""
    if sum(map(_size, entries)) > SIZE_LIMIT:
        raise client_error(f"{CODE}BatchRequestTooLong")


def check_message(entry: Entry, *, is_fifo: bool) -> None:
    """Raise ClientError for a message that SQS refuses."""
    attributes, delay = entry.get("MessageAttributes") or {}, entry.get("DelaySeconds", 0)
    if _size(entry) > SIZE_LIMIT or len(attributes) > ATTRIBUTES_LIMIT or not 0 <= delay <= LONGEST_DELAY:
        raise client_error("InvalidParameterValue")
    ids = [value for name in ("MessageGroupId", "MessageDeduplicationId") if (value := entry.get(name, ""))]
    if ids and not is_fifo:
        raise client_error("InvalidParameterValue", message="Our code sends no message group to a standard queue")
    if not all(map(FIFO_ID.fullmatch, ids)):
        raise client_error("InvalidParameterValue")
    if REFUSED_CHARACTERS.search(entry["MessageBody"]):
        raise client_error("InvalidMessageContents")


def _check_entries(entries: Entries) -> None:
    if not entries:
        raise client_error(f"{CODE}EmptyBatchRequest")
    if len(entries) > ENTRIES_LIMIT:
        raise client_error(f"{CODE}TooManyEntriesInBatchRequest")
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise client_error(f"{CODE}BatchEntryIdsNotDistinct")


def _size(entry: Entry) -> int:
    """Count the bytes of the body and of each attribute's name, type and value."""
    attributes: Mapping[str, Mapping[str, Any]] = entry.get("MessageAttributes") or {}
    texts: Iterable[str | bytes] = (
        text for name, one in attributes.items() for text in (name, *(one[part] for part in one))
    )
    return sum(map(_bytes, (entry["MessageBody"], *texts)))


def _bytes(text: str | bytes) -> int:
    return len(text) if isinstance(text, bytes) else len(text.encode(errors="surrogatepass"))
