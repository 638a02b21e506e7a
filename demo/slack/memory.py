"""The requests that the Slack stand-in received, each with its answer."""

from dataclasses import dataclass
from typing import Self

from demo.slack.answer import Answer
from demo.slack.conversations import ChannelMessage
from demo.slack.limits import Json, Posting

OK = 200
RESET = 0  # the status of a request whose connection was reset


@dataclass(frozen=True)
class Request:
    """A request and its answer; `webhook` is a name or `#channel`, `text` the part of the body that Slack shows."""

    number: int
    time: float
    webhook: str
    status: int
    answer: str
    retry_after: int | None
    text: str
    blocks: tuple[Json, ...]
    attachments: tuple[Json, ...]
    body: str
    ts: str = ""
    """The id of an accepted message of the Web API."""
    thread_ts: str = ""
    """The first message of its thread, if it is a reply."""

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - a record's parts
        cls,
        number: int,
        time: float,
        webhook: str,
        body: str,
        posting: Posting,
        answer: Answer,
        message: ChannelMessage | None = None,
    ) -> Self:
        status, text = (RESET, "connection reset") if answer.reset else (answer.status, answer.body)
        return cls(
            number=number,
            time=time,
            webhook=webhook or "unknown",
            status=status,
            answer=text,
            retry_after=answer.retry_after,
            text=posting.text,
            blocks=posting.blocks,
            attachments=posting.attachments,
            body=body,
            ts=message.ts if message else "",
            thread_ts=message.thread_ts if message else "",
        )

    @property
    def is_accepted(self) -> bool:
        return self.status == OK and self.answer == "ok"

    def as_json(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "body"}
