"""The part of the boto3 SQS client that is called here, over virtual queues."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from tests.support.virtual.faults import client_error
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Attributes, Received
from tests.support.virtual.service import Service

SIZE_LIMIT = 1_048_576
ATTRIBUTES_LIMIT = 10
LONGEST_DELAY = 900
REFUSED_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

type Answer = dict[str, Any]
type Entry = Mapping[str, Any]
type Entries = Iterable[Entry]


@dataclass
class VirtualSqs:
    """A client; its calls take time and fail as its service does."""

    service: Service
    queues: dict[str, VirtualQueue] = field(default_factory=dict)
    """By URL."""

    def add(self, queue: VirtualQueue) -> str:
        """From now on the client finds it -> its URL."""
        url = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{queue.name}"
        self.queues[url] = queue
        return url

    def send_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        MessageBody: str,  # noqa: N803
        MessageAttributes: Attributes | None = None,  # noqa: N803
        DelaySeconds: int = 0,  # noqa: N803
    ) -> Answer:
        entry = {"MessageBody": MessageBody, "MessageAttributes": MessageAttributes, "DelaySeconds": DelaySeconds}
        return self.service.call("send_message", partial(self._send, QueueUrl, entry))

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> Answer:  # noqa: N803
        entry = {"ReceiptHandle": ReceiptHandle, "VisibilityTimeout": VisibilityTimeout}
        return self.service.call("change_message_visibility", partial(self._change, QueueUrl, entry))

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> Answer:  # noqa: N803
        entry = {"ReceiptHandle": ReceiptHandle}
        return self.service.call("delete_message", partial(self._delete, QueueUrl, entry))

    def send_message_batch(self, *, QueueUrl: str, Entries: Entries) -> Answer:  # noqa: N803
        return self.service.call("send_message_batch", partial(_each, Entries, partial(self._send, QueueUrl)))

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Entries) -> Answer:  # noqa: N803
        change = partial(_each, Entries, partial(self._change, QueueUrl))
        return self.service.call("change_message_visibility_batch", change)

    def delete_message_batch(self, *, QueueUrl: str, Entries: Entries) -> Answer:  # noqa: N803
        return self.service.call("delete_message_batch", partial(_each, Entries, partial(self._delete, QueueUrl)))

    def receive_message(  # noqa: PLR0913 - as boto3 has it
        self,
        *,
        QueueUrl: str,  # noqa: N803
        MaxNumberOfMessages: int = 1,  # noqa: N803
        VisibilityTimeout: int | None = None,  # noqa: N803
        WaitTimeSeconds: int = 0,  # noqa: N803
        MessageAttributeNames: Sequence[str] = (),  # noqa: N803
        MessageSystemAttributeNames: Sequence[str] = (),  # noqa: N803
    ) -> Answer:
        def receive() -> list[Received]:
            return self._queue(QueueUrl).receive(MaxNumberOfMessages, VisibilityTimeout)

        found = self.service.call("receive_message", receive)
        if not found and WaitTimeSeconds:
            scheduler = self.service.operations.scheduler
            scheduler.sleep(min(WaitTimeSeconds, self._queue(QueueUrl).next_visible() - scheduler.now))
            found = receive()
        asked = frozenset(MessageAttributeNames), frozenset(MessageSystemAttributeNames)
        return {"Messages": [_shown(one, *asked) for one in found]} if found else {}

    def _send(self, url: str, entry: Entry) -> Answer:
        attributes, delay = entry.get("MessageAttributes") or {}, entry.get("DelaySeconds", 0)
        _check(entry["MessageBody"], attributes, delay)
        return {"MessageId": self._queue(url).send(entry["MessageBody"], attributes, delay)}

    def _change(self, url: str, entry: Entry) -> Answer:
        self._queue(url).change_visibility(entry["ReceiptHandle"], entry["VisibilityTimeout"])
        return {}

    def _delete(self, url: str, entry: Entry) -> Answer:
        self._queue(url).delete(entry["ReceiptHandle"])
        return {}

    def _queue(self, url: str) -> VirtualQueue:
        queue = self.queues.get(url)
        if queue is None:
            raise client_error("AWS.SimpleQueueService.NonExistentQueue")
        return queue


def _each(entries: Entries, do: Callable[[Entry], Answer]) -> Answer:
    """A batch call: one entry's failure is in the answer, and is no error."""
    done: list[Answer] = []
    failed: list[Answer] = []
    for entry in entries:
        try:
            done.append({"Id": entry["Id"], **do(entry)})
        except ClientError as error:
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": error.response["Error"]["Code"]})
    return {key: value for key, value in {"Successful": done, "Failed": failed}.items() if value}


def _check(body: str, attributes: Attributes, delay: int) -> None:
    size = len(body.encode(errors="surrogatepass")) + sum(len(str(one)) for one in attributes.values())
    if size > SIZE_LIMIT or len(attributes) > ATTRIBUTES_LIMIT or not 0 <= delay <= LONGEST_DELAY:
        raise client_error("InvalidParameterValue")
    if REFUSED_CHARACTERS.search(body):
        raise client_error("InvalidMessageContents")


def _shown(one: Received, attributes: frozenset[str], system: frozenset[str]) -> dict[str, Any]:
    """Only what was asked for, as SQS does."""
    shown: dict[str, Any] = {"MessageId": one.message_id, "ReceiptHandle": one.receipt_handle, "Body": one.body}
    for key, all_of_it, asked in (
        ("MessageAttributes", one.attributes, attributes),
        ("Attributes", one.system_attributes, system),
    ):
        if chosen := {name: value for name, value in all_of_it.items() if asked & {"All", name}}:
            shown[key] = chosen
    return shown
