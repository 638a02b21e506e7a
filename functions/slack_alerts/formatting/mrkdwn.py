"""Text from outside -> text that is safe in a Slack message, and short enough. The limits of Slack stand here.

Sizes are counted the careful way: escaped, and in UTF-16 units, so that a limit holds however Slack counts.
"""

import re
import unicodedata
from collections.abc import Iterator

HEADER_LIMIT = 150
TITLE_LIMIT = 300
"""A title too long for a header stands below it as well, where it may be longer."""
SECTION_LIMIT = 2900
"""Slack refuses section text over 3000 characters."""
DESCRIPTION_LIMIT = 1500
FIELDS_LIMIT = 10
FIELD_NAME_LIMIT = 50
FIELD_VALUE_LIMIT = 300
"""Slack refuses a field over 2000 characters, and blocks over some 13,200 together: these keep them under 12,000."""
PLACE_LIMIT = 100
LINK_LIMIT = 600
TEXT_LIMIT = 2900
"""A push notification shows one line; over 4000 characters Slack may split a message."""
LINE_LIMIT = 400
"""Of the line for operations, which an e-mail shows whole."""
PLAIN_DESCRIPTION_LIMIT = 400
PLAIN_FACTS_LIMIT = 500

CLUSTER_LIMIT = 64
"""No character that people write has more parts; a longer run of marks may be cut anywhere."""
NEWLINES = re.compile("[\r\x85\u2028\u2029]")
UNSAFE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # control characters, lone surrogates
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]"  # what turns the direction of the text, or hides it
)
AUTOMATIC = re.compile(r"@(?=\w)|:(?=//)|(?<=\w)\.(?=[^\W\d_]{2})")
"""Where Slack sees a mention, an address or a link without any markup: @here, https://…, ops@…, example.com."""
BREAK = "\uffff"
"""Marks such a place until the text is cut; it is UNSAFE, so it never comes from outside."""
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", BREAK: "\u200b"})
LINK = re.compile(r"https://[!#-;=?-\[\]_a-z~]+")

FIRST_MARK = "\u0300"
ZERO_WIDTH_JOINER = "\u200d"
VIRAMA = 9
"""The combining class of signs that join two letters to one."""
EXTENDING = re.compile("[\u200c\u200d\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Joiners, voiced marks, Hangul vowels and finals, skin tones, tags; marks are found by their category."""
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


def clean(text: str, limit: int) -> str:
    """For plain_text objects, where Slack interprets nothing: unsafe characters out, at most `limit` characters."""
    return _fit(text, limit)


def escape(text: str, limit: int) -> str:
    """For mrkdwn objects with `verbatim`: also `& < >` as entities, so that nothing is a mention or a link."""
    return _fit(text, limit).translate(ESCAPED)


def disarm(text: str, limit: int) -> str:
    """For a message's `text`, which knows no `verbatim`: also without what Slack links and mentions unasked."""
    return _fit(text, limit, breaks=True).translate(ESCAPED)


def link(url: str, words: str) -> str:
    """Slack's markup for a link that we built; empty for what is none, or too long."""
    markup = f"<{url.translate(ESCAPED)}|{words}>"
    return markup if LINK.fullmatch(url) and len(markup) <= LINK_LIMIT else ""


def size(text: str) -> int:
    """What a text counts once it is escaped."""
    return units(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def one_line(text: str) -> str:
    return " ".join(text.split())


def _fit(text: str, limit: int, *, breaks: bool = False) -> str:
    """Cut between what people see as characters; what is missing is said where there is room for it."""
    text = text.replace("\r\n", "\n")
    safe = UNSAFE.sub("\ufffd", NEWLINES.sub("\n", text[: limit + 1]))  # one more than fits tells that it does not
    if breaks:
        safe = AUTOMATIC.sub(rf"\g<0>{BREAK}", safe)
    if size(safe) <= limit:
        return safe
    room = limit - len(_mark(len(text)))
    if room < 0:
        return "…"[:limit]
    kept = _longest(safe, room)
    return safe[:kept] + _mark(len(text) - kept + safe.count(BREAK, 0, kept))


def _mark(missing: int) -> str:
    return f" … {missing:,} characters cut"


def _longest(text: str, room: int) -> int:
    """The length of the longest beginning that fits."""
    used = kept = 0
    for cluster in _clusters(text):
        used += size(cluster)
        if used > room:
            break
        kept += len(cluster)
    return kept


def _clusters(text: str) -> Iterator[str]:
    """The text in pieces that are each seen as one character."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _belongs(text[end], text[end - 1], end - start):
            yield text[start:end]
            start = end


def _belongs(char: str, before: str, length: int) -> bool:
    """Return whether the character is part of the cluster that so far has this length and ends with `before`."""
    if length >= CLUSTER_LIMIT or max(char, before) < FIRST_MARK:
        return False
    if FLAG_LETTER.match(char) and FLAG_LETTER.match(before):
        return length == 1  # two letters are a flag, the third begins the next
    return (
        before == ZERO_WIDTH_JOINER
        or EXTENDING.match(char) is not None
        or unicodedata.category(char).startswith("M")
        or unicodedata.combining(before) == VIRAMA
    )
