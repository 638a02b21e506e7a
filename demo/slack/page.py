"""The rows of the page of the Slack stand-in."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from demo.slack.memory import OK, RESET, Request


@dataclass(frozen=True)
class Row:
    """A line of the page; `kind` names the colour, and `word` says the same without colour."""

    time: str
    kind: str
    word: str
    answer: str
    webhook: str
    lines: Sequence[str]


def rows(requests: Sequence[Request]) -> list[Row]:
    """Return the rows of the page, the newest first."""
    return [_row(one) for one in reversed(requests)]


def _row(one: Request) -> Row:
    kind, word = state_of(one)
    answer = f"{one.status} {one.answer}" if one.status else one.answer
    if one.retry_after is not None:
        answer += f", Retry-After {one.retry_after} s"
    lines = [_readable(line) for line in one.lines()]
    return Row(datetime.fromtimestamp(one.time, UTC).strftime("%H:%M:%S"), kind, word, answer, one.webhook, lines)


def _readable(text: str) -> str:
    """Return text as Slack shows it, links and entities resolved; it is not yet escaped for HTML."""
    return html.unescape(_WITH_WORDS.sub(r"\1", text))


_WITH_WORDS = re.compile(r"<[^<>|]*\|([^<>]*)>")


def state_of(one: Request) -> tuple[str, str]:
    """Return the colour and the word for the answer to a request."""
    match one.status:
        case _ if one.is_accepted:
            return "good", "posted"
        case 429:
            return "wait", "throttled"
        case status if status == OK and one.webhook.startswith("#"):  # a refusal by the Web API
            return "bad", "refused"
        case status if status in {RESET, OK} or status >= 500:  # noqa: PLR2004 - 5xx is Slack's own failure
            return "fail", "failed"
        case _:
            return "bad", "refused"
