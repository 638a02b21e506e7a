"""The batch loop: every record of an event gets an outcome, and what is for later goes back to where it came from."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypedDict

from aws_events.envelope import Record, Source, UnreadableRecord, read_event
from record_batch.handoff import Handoff
from record_batch.outcome import Delivered, Later, LaterReason, Outcome
from record_batch.telemetry import logger
from retry_policies.deadline import Deadline, LambdaContext

type Step = Callable[[Iterable[Record], Deadline], Iterator[tuple[Record, Outcome]]]
"""A function's own work: records -> each with its outcome, as soon as it is known."""


class ItemFailure(TypedDict):
    itemIdentifier: str


class BatchResponse(TypedDict):
    """What SQS shall deliver again; an empty list means all is done."""

    batchItemFailures: list[ItemFailure]


class Undelivered(Exception):  # noqa: N818 - the name says what it is
    """Raised where no batch response can say it, so that whoever invoked the function tries again."""


def run_batch(event: object, context: LambdaContext, step: Step, *, handoff: Handoff, reserve: float) -> BatchResponse:
    """An event -> its partial batch response; `reserve` seconds are kept to answer.

    Raises UnknownEvent for an event that is neither SNS nor SQS, Undelivered for a failed record that cannot be named
    in a response (SNS, or an SQS record without an id).
    """
    deadline = Deadline.from_context(context, reserve=reserve)
    entries = read_event(event)
    records = [entry for entry in entries if isinstance(entry, Record)]
    unreadable = [entry for entry in entries if isinstance(entry, UnreadableRecord)]
    for problem in unreadable:
        logger.error("record unreadable", extra={"problem": str(problem)})
    settled = settle(step, records, deadline)
    returning = [(record, outcome) for record, outcome in settled if isinstance(outcome, Later)]
    queued = [(record, later) for record, later in returning if record.source is Source.SQS]
    handoff.hide(queued, replace(deadline, at=deadline.at + reserve))
    for record, outcome in settled:
        _log(record, outcome)
    nameless = len(returning) - len(queued) + sum(not problem.message_id for problem in unreadable)
    if nameless:
        raise Undelivered(f"{nameless} of {len(entries)} records were not delivered and cannot be named in a response")
    failed = [record.message_id for record, _ in queued] + [problem.message_id for problem in unreadable]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def settle(step: Step, records: Sequence[Record], deadline: Deadline) -> list[tuple[Record, Outcome]]:
    """Each record with its outcome, in order. Where the step raises, it gets each remaining record alone."""
    outcomes: dict[int, Outcome] = {}
    if _pull(step, records, deadline, outcomes) is not None:
        for record in records:
            if id(record) not in outcomes and _pull(step, [record], deadline, outcomes) is not None:
                outcomes[id(record)] = Later(LaterReason.UNEXPECTED)
    return [(record, outcomes.get(id(record), Later(LaterReason.NOT_ATTEMPTED))) for record in records]


def _pull(
    step: Step, records: Sequence[Record], deadline: Deadline, outcomes: dict[int, Outcome]
) -> BaseException | None:
    """Take what the step yields until the deadline; what it raised comes back, logged without its text."""
    if deadline.remaining() <= 0:
        return None
    try:
        for record, outcome in step(records, deadline):
            outcomes[id(record)] = outcome
            if deadline.remaining() <= 0:
                break
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - one record must not take the others down, whatever it raises
        frame = traceback.extract_tb(error.__traceback__)[-1]
        facts = {"error": type(error).__name__, "where": f"{frame.name}:{frame.lineno}", "records": len(records)}
        logger.error("the step raised", extra=facts)
        return error
    return None


def _log(record: Record, outcome: Outcome) -> None:
    facts = {"record": record.message_id, "sns_message_id": record.sns_message_id, "receive": record.receive_count}
    match outcome:
        case Delivered():
            logger.info("delivered", extra=facts)
        case Later(reason, after):
            logger.warning("later", extra={**facts, "reason": reason.value, "asked": after})
