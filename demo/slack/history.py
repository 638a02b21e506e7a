"""The history of a thread in the Slack stand-in, a line for each message."""

from collections.abc import Iterable, Iterator

from demo.slack.conversations import ChannelMessage

REPLY, SHOWN_REPLY = "  └ in the thread: ", "  └ in thread and channel: "
WIDTH = 90


def history_lines(messages: Iterable[ChannelMessage]) -> Iterator[str]:
    """Yield the first line of each message, and of each edit of it."""
    for one in messages:
        mark = "" if not one.thread_ts else SHOWN_REPLY if one.is_broadcast else REPLY
        yield mark + (f"[picture: {one.file.alt_text}]" if one.file else _first_line(one.posting.text))
        yield from (f"  edited to: {_first_line(edit.text)}" for edit in one.edits)


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")[:WIDTH]
