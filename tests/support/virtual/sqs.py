"""The part of the boto3 SQS client that the functions call, over virtual queues."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.support.virtual.faults import client_error
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Received
from tests.support.virtual.service import Service
from tests.support.virtual.sqs_limits import Answer, Entries, Entry, check_message, check_sizes, each


@dataclass
class VirtualSqs:
    """A client, whose calls take time and can fail."""

    service: Service
    queues: dict[str, VirtualQueue] = field(default_factory=dict)
    """URL -> the queue."""

    def add(self, queue: VirtualQueue) -> None:
        """Let the client find the queue."""
        self.queues[queue.url] = queue

    def send_message(self, *, QueueUrl: str, **message: Any) -> Answer:  # noqa: ANN401 - as in boto3
        return self.service.call("send_message", partial(self._send, QueueUrl, message))

    def change_message_visibility(self, *, QueueUrl: str, **entry: Any) -> Answer:  # noqa: ANN401 - as in boto3
        return self.service.call("change_message_visibility", partial(self._change, QueueUrl, entry))

    def delete_message(self, *, QueueUrl: str, **entry: Any) -> Answer:  # noqa: ANN401 - as in boto3
        return self.service.call("delete_message", partial(self._delete, QueueUrl, entry))

    def send_message_batch(self, *, QueueUrl: str, Entries: Entries) -> Answer:
        def send() -> Answer:
            check_sizes(Entries)
            return self._each("send_message_batch", Entries, partial(self._send, QueueUrl))

        return self.service.call("send_message_batch", send)

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Entries) -> Answer:
        operation = "change_message_visibility_batch"
        return self.service.call(operation, partial(self._each, operation, Entries, partial(self._change, QueueUrl)))

    def delete_message_batch(self, *, QueueUrl: str, Entries: Entries) -> Answer:
        operation = "delete_message_batch"
        return self.service.call(operation, partial(self._each, operation, Entries, partial(self._delete, QueueUrl)))

    def receive_message(  # noqa: PLR0913 - as boto3 has it
        self,
        *,
        QueueUrl: str,
        MaxNumberOfMessages: int = 1,
        VisibilityTimeout: int | None = None,
        WaitTimeSeconds: int = 0,
        MessageAttributeNames: Sequence[str] = (),
        MessageSystemAttributeNames: Sequence[str] = (),
    ) -> Answer:
        def receive() -> list[Received]:
            return self._queue(QueueUrl).receive(MaxNumberOfMessages, VisibilityTimeout)

        found = self.service.call("receive_message", receive)
        if not found and WaitTimeSeconds:
            scheduler = self.service.operations.scheduler
            scheduler.sleep(min(WaitTimeSeconds, self._queue(QueueUrl).next_visible() - scheduler.now))
            found = receive()
        names = frozenset(MessageAttributeNames), frozenset(MessageSystemAttributeNames)
        return {"Messages": [_shown(one, *names) for one in found]} if found else {}

    def _each(self, operation: str, entries: Entries, do: Callable[[Entry], Answer]) -> Answer:
        """Carry out a batch call; its entries fail by the script of `operation.entry`."""

        def one(entry: Entry) -> Answer:
            failure = self.service.faults.next_scripted(f"{operation}.entry")
            if failure is None:
                return do(entry)
            raise failure.error()

        return each(entries, one)

    def _send(self, url: str, entry: Entry) -> Answer:
        queue, body = self._queue(url), entry["MessageBody"]
        attributes, delay = entry.get("MessageAttributes") or {}, entry.get("DelaySeconds", 0)
        group, deduplication_id = entry.get("MessageGroupId", ""), entry.get("MessageDeduplicationId", "")
        check_message(entry, is_fifo=isinstance(queue, VirtualFifoQueue))
        if isinstance(queue, VirtualFifoQueue):
            return {"MessageId": queue.send(body, attributes, delay, group=group, deduplication_id=deduplication_id)}
        return {"MessageId": queue.send(body, attributes, delay)}

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


def _shown(one: Received, attributes: frozenset[str], system: frozenset[str]) -> dict[str, Any]:
    """Return only the requested attributes, as SQS does."""
    shown: dict[str, Any] = {"MessageId": one.message_id, "ReceiptHandle": one.receipt_handle, "Body": one.body}
    for key, values, names in (
        ("MessageAttributes", one.attributes, attributes),
        ("Attributes", one.system_attributes, system),
    ):
        if chosen := {name: value for name, value in values.items() if names & {"All", name}}:
            shown[key] = chosen
    return shown
