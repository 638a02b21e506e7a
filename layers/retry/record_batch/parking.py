"""Park records that were refused for good: the unchanged body, with our facts in one attribute."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aws_events.message_attributes import ID_LIMIT, Attributes, read_facts, with_facts
from aws_events.record import Record
from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from outcomes.outcome import Later, LaterReason, Park
from record_batch.overflow import Overflow
from shared_state.rows import RowsUnavailable

UNSENDABLE = (binascii.Error, UnicodeError)
"""Errors of an invalid binary attribute or a lone surrogate, which no record from SQS has."""


class ParkingFailed(Exception):
    """The parking queue did not take the record; the message is the error's code."""


class Queue(Protocol):
    """The SQS client's methods that Parking calls."""

    def send_message(
        self,
        *,
        QueueUrl: str,
        MessageBody: str,
        MessageAttributes: Mapping[str, Any],
    ) -> Any: ...  # noqa: ANN401 - boto3's answer


@dataclass(frozen=True, slots=True)
class Parking:
    """The parking queue."""

    queue: Queue
    queue_url: str
    overflow: Overflow

    def commit(self, record: Record, park: Park) -> Park | Later:
        """Park the record, then its claims; if the queue does not take it, release them and return Later."""
        try:
            self.park(record, park)
        except ParkingFailed as error:
            logger.error("not parked", extra={"record": record.message_id, "error": str(error)})
            for claim in park.claims:
                claim.release()
            return Later(LaterReason.PARKING_FAILED)
        for claim in park.claims:
            claim.park()
        park.on_parked()
        return park

    def park(self, record: Record, park: Park) -> None:
        """Send the record to the queue, before it is acknowledged. Raise ParkingFailed."""
        try:
            facts = attributes(record, park)
            answer = self.queue.send_message(
                QueueUrl=self.queue_url, MessageBody=record.body, MessageAttributes=facts.sent
            )
            if facts.overflow:
                self.overflow.keep(answer["MessageId"], facts.overflow)
        except (*AWS_ERRORS, *UNSENDABLE) as error:
            raise ParkingFailed(error_code(error)) from error
        except RowsUnavailable as error:  # the queue has the message without its facts; it may be parked twice
            raise ParkingFailed(str(error)) from error


def attributes(record: Record, park: Park) -> Attributes:
    """Return the record's own attributes, and our facts with the reason."""
    return with_facts(
        record,
        hop=max([read_facts(record).hop, *(one.hop for one in park.claims)]),
        reason=park.reason.value,
        detail=park.detail,
        sns_message_id=record.sns_message_id[:ID_LIMIT],
        receives=record.receive_count,
        queue=record.queue_arn,
    )
