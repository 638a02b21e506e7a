"""A queue of the demonstration that receives a copy of each message of a topic."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SubscribedQueue:
    """Each message is taken once: the queue does not grow, however long the demonstration runs."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs, self._url = sqs, url

    def take(self) -> list[str]:
        """Receive and delete all visible messages; return their bodies in no particular order."""
        bodies: list[str] = []
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [one["Body"] for one in messages]
            handles = [one["ReceiptHandle"] for one in messages]
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[{"Id": str(number), "ReceiptHandle": one} for number, one in enumerate(handles)],
            )
        return bodies
