"""JSON made for Slack: its texts are shown; channel, user name, icon and mentions in it have no effect."""

import re
from collections.abc import Iterable, Iterator

from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status

MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
"""Links, mentions and dates in the markup of Slack."""
COLOURS = {"danger": Status.FIRING, "warning": Status.FIRING, "good": Status.RESOLVED}


def slack_message(body: Body) -> Notification:
    """Return the first line of the texts, then all of them; the colour of an attachment is the status."""
    attachments = body.items("attachments")
    texts = [body.text("text"), *_texts(body.items("blocks"))]
    for one in attachments:
        texts += [one.text("pretext"), one.text("title"), one.text("text", "fallback"), *_texts(one.items("blocks"))]
    said = hidden("text", "\n".join(_plain(text) for text in dict.fromkeys(texts) if text))
    colour = next((one.text("color") for one in attachments), "")
    return notification(
        body,
        status=COLOURS.get(colour, Status.NOTICE),
        label="",
        title=body.record.subject or "Message",
        summary=said.partition("\n")[0],
        reason=said if "\n" in said else "",
        facts=[
            (_plain(field.text("title")), hidden(field.text("title"), _plain(field.text("value"))))
            for one in attachments
            for field in one.items("fields")
        ],
    )


def _texts(blocks: Iterable[Body]) -> Iterator[str]:
    """Yield the texts of headers, sections, fields and contexts."""
    for block in blocks:
        yield block.text("text.text", "title.text")
        for one in (*block.items("fields"), *block.items("elements")):
            yield one.text("text", "text.text")


def _plain(text: str) -> str:
    """Return the text without markup: `@channel` for <!channel>, `words (address)` for a link with words."""
    return MARKUP.sub(_word, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _word(found: re.Match[str]) -> str:
    kind, name, words = found[1], found[2], found[3] or ""
    if kind:
        return words or f"{'#' if kind == '#' else '@'}{name.partition('^')[0]}"
    return joined(words, f"({name})" if words else name, by=" ")
