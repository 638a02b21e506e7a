"""Findings -> one message to operations."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from notices.models import Arrivals, Finding, Unreadable
from observability.aws_errors import AWS_ERRORS, error_code
from observability.ops import Topic
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.deadline import Clock

UNREADABLE_QUIET = 3_600.0
"""Seconds until an unreadable queue alone causes another notice; its metric is counted at each run."""


class NotPublished(Exception):
    """SNS did not confirm the notice; the message is the error's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """The topic of operations."""

    topic: Topic
    topic_arn: str
    writes: RetryPolicy
    clock: Clock = time.monotonic
    quiet_until: dict[str, float] = field(default_factory=dict)
    """By queue, the instant until which it causes no notice because it is unreadable."""

    def publish(self, findings: Sequence[Finding], deadline: Deadline) -> bool:
        """Publish a notice if one is due; return whether it was published. Raise NotPublished."""
        unreadable = [one.queue for one in findings if isinstance(one, Unreadable)]
        is_due = any(self.clock() >= self.quiet_until.get(queue, float("-inf")) for queue in unreadable)
        if not is_due and not count(findings):
            return False
        try:
            self.writes.call(
                deadline,
                self.topic.publish,
                TopicArn=self.topic_arn,
                Subject=subject(findings),
                Message="\n".join(lines(findings)),
            )
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            raise NotPublished(error_code(error)) from error
        self.quiet_until.update(dict.fromkeys(unreadable, self.clock() + UNREADABLE_QUIET))
        return True


def count(findings: Sequence[Finding]) -> int:
    """Return the number of new messages in all queues."""
    return sum(one.count for one in findings if isinstance(one, Arrivals))


def subject(findings: Sequence[Finding]) -> str:
    if not (new := count(findings)):
        return "Holdfast: a queue of undelivered messages cannot be read"
    is_minimum = any(isinstance(one, Unreadable) or (one.count and one.is_minimum) for one in findings)
    return f"Holdfast: {_at_least(new, is_minimum=is_minimum)} new undelivered message{'s' * (new > 1)}"


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines of a notice: of each queue its numbers, then its newest messages."""
    for one in findings:
        match one:
            case Unreadable(queue=queue, code=code):
                yield f"{queue}: cannot be read ({code}). New messages in it are not reported until it can."
            case Arrivals(count=new) if new:
                yield from _of_queue(one)
    if any(isinstance(one, Arrivals) and one.count and one.is_cursor_lost for one in findings):
        yield "The deliveries table cannot be read: messages of earlier notices may be counted again."


def _of_queue(one: Arrivals) -> Iterator[str]:
    yield f"{one.queue}: {_at_least(one.count, is_minimum=one.is_minimum)} new, {one.depth} in all"
    for message in one.listed:
        yield f"- {message.name}" + (f": {message.reason}" if message.reason else "")
    more = one.count - len(one.listed)
    if one.listed and more:
        yield f"- and {_at_least(more, is_minimum=one.is_minimum)} more"


def _at_least(number: int, *, is_minimum: bool) -> str:
    return f"at least {number}" if is_minimum else str(number)
