"""What was refused for good is put aside: its body as it came, our facts beside it in one attribute."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NotRequired, Protocol, TypedDict

from aws_events.envelope import Attribute, Record
from record_batch.aws_errors import AWS_ERRORS, error_code
from record_batch.carried import OURS, carried
from record_batch.outcome import Park

SQS_ATTRIBUTES = 10


class ParkingFailed(Exception):  # noqa: N818 - the name says what it is
    """The parking queue did not take the record; the message is the error's code."""


class SqsAttribute(TypedDict):
    """An attribute as SendMessage takes it."""

    DataType: str
    StringValue: NotRequired[str]
    BinaryValue: NotRequired[bytes]


class Queue(Protocol):
    """The part of the SQS client that is called here."""

    def send_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        MessageBody: str,  # noqa: N803
        MessageAttributes: Mapping[str, Any],  # noqa: N803
    ) -> object: ...


@dataclass(frozen=True, slots=True)
class Parking:
    """The parking queue."""

    queue: Queue
    queue_url: str

    def park(self, record: Record, park: Park) -> None:
        """Send the record there; acknowledge it only after that. Raises ParkingFailed."""
        try:
            self.queue.send_message(
                QueueUrl=self.queue_url,
                MessageBody=record.body,
                MessageAttributes=attributes(record, park),
            )
        except (*AWS_ERRORS, binascii.Error) as error:  # or a binary attribute that is none
            raise ParkingFailed(error_code(error)) from error


def attributes(record: Record, park: Park) -> dict[str, SqsAttribute]:
    """The record's own attributes and ours; where ten are taken, the others move into ours."""
    others = {name: attribute for name, attribute in record.attributes.items() if name != OURS}
    ours: dict[str, object] = {
        **asdict(carried(record)),
        "reason": park.reason.value,
        "detail": park.detail,
        "sns_message_id": record.sns_message_id,
        "receives": record.receive_count,
        "queue": record.queue_arn,
    }
    if len(others) >= SQS_ATTRIBUTES:
        ours["attributes"], others = others, {}
    sent = {name: _sqs(attribute) for name, attribute in others.items()}
    return sent | {OURS: {"DataType": "String", "StringValue": json.dumps(ours)}}


def _sqs(attribute: Attribute) -> SqsAttribute:
    """{"dataType": …, "stringValue": …} as Lambda writes it -> as SendMessage takes it."""
    kind = attribute.get("dataType", "String")
    if "binaryValue" in attribute:
        return {"DataType": kind, "BinaryValue": base64.b64decode(attribute["binaryValue"])}
    return {"DataType": kind, "StringValue": attribute.get("stringValue", "")}
