"""One log line for the end of each record."""

from aws_events.record import Record
from observability.telemetry import logger
from outcomes.outcome import Delivered, Duplicate, Later, Move, Moved, Outcome, Park, Skipped


def log_outcome(record: Record, outcome: Outcome) -> None:
    """Log the end of a record with its ids and its reason."""
    facts = {"record": record.message_id, "sns_message_id": record.sns_message_id, "receive": record.receive_count}
    match outcome:
        case Delivered():
            logger.info("delivered", extra=facts)
        case Duplicate(is_parked=True):
            logger.warning("duplicate", extra={**facts, "parked": True})
        case Duplicate():
            logger.info("duplicate", extra=facts)
        case Skipped(reason):
            logger.info("skipped", extra={**facts, "reason": reason.value})
        case Move(lane) | Moved(lane):
            logger.info("moved", extra={**facts, "lane": lane})
        case Later(reason, after):
            logger.warning("later", extra={**facts, "reason": reason.value, "asked": after})
        case Park(reason, detail):
            logger.error("parked", extra={**facts, "reason": reason.value, "detail": detail})
