"""Text from outside -> text that is safe in a Slack message and within Slack's limits.

Sizes are counted after escaping and in UTF-16 units, the largest way in which Slack may count.
"""

import re
import unicodedata
from collections.abc import Iterator

HEADER_LIMIT = 150
LINK_LIMIT = 600
WORDS_LIMIT = 75
TEXT_LIMIT = 2900
"""Slack may split a message over 4000 characters."""
CLUSTER_LIMIT = 64
"""Code points that count as one visible character at most. A longer run of marks may be cut anywhere."""
NEWLINES = re.compile("[\r\x85\u2028\u2029]")
UNSAFE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # control characters, lone surrogates
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]"  # direction of text, hidden text
)
AUTOMATIC = re.compile(r"@(?=\w)|:(?=//)|(?<=\w)\.(?=[^\W\d_]{2})")
"""Places where Slack detects mentions, addresses and links without markup: @here, https://…, ops@…, example.com."""
BREAK = "\uffff"
"""Marks such a place until the text is cut. It is UNSAFE, so text from outside never contains it."""
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", BREAK: "\u200b"})
ADDRESS = re.compile(r"https://(?:(?!&[lg]t;)[!#-;=?-\[\]_a-z~])+[/\w](?=[^\w/]|$)(?! … )")
"""An https address in an escaped text, without punctuation after it. An address that was cut does not match."""
LINK = re.compile(r"https://[!#-;=?-\[\]_a-z~]+")

FIRST_MARK = "\u0300"
ZERO_WIDTH_JOINER = "\u200d"
VIRAMA = 9
"""The combining class of signs that join two letters."""
EXTENDING = re.compile("[\u200c\u200d\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Joiners, voiced marks, Hangul vowels and finals, skin tones, tags."""
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


def clean(text: str, limit: int) -> str:
    """Return text for a plain_text object: without unsafe characters, at most `limit` characters."""
    return _fit(text, limit)


def escape(text: str, limit: int) -> str:
    """Return text for a mrkdwn object with `verbatim`: also with `& < >` as entities, against mentions and links."""
    return _fit(text, limit).translate(ESCAPED)


def disarm(text: str, limit: int) -> str:
    """Return text for a message's `text`, which has no `verbatim`: also without automatic links and mentions."""
    return _fit(text, limit, breaks=True).translate(ESCAPED)


def with_links(text: str, limit: int) -> str:
    """Return mrkdwn in which each whole https link is a link and nothing else has an effect."""
    return ADDRESS.sub(r"<\g<0>>", escape(text, limit))


def is_link(url: str) -> bool:
    """Return whether a URL is an https link of plain characters that is not too long."""
    return LINK.fullmatch(url) is not None and len(url) <= LINK_LIMIT


def link(url: str, words: str) -> str:
    """Return Slack's markup for a link; "" if the URL is invalid or too long."""
    markup = f"<{url.translate(ESCAPED)}|{disarm(one_line(words), WORDS_LIMIT)}>"
    return markup if LINK.fullmatch(url) and len(markup) <= LINK_LIMIT else ""


def size(text: str) -> int:
    """Return the size of the text after escaping."""
    return units(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def one_line(text: str) -> str:
    return " ".join(text.split())


def _fit(text: str, limit: int, *, breaks: bool = False) -> str:
    """Cut the text between visible characters; append the number of missing ones if there is room."""
    text = text.replace("\r\n", "\n")
    start = text[: limit + 1]  # one character more than fits shows that the text does not fit
    safe = UNSAFE.sub("\ufffd", NEWLINES.sub("\n", start))
    if breaks:
        safe = AUTOMATIC.sub(rf"\g<0>{BREAK}", safe)
    if size(safe) <= limit:
        return safe
    room = limit - len(_mark(len(text)))
    if room < 0:
        return "…"[:limit]
    end = _longest(safe, room)
    return safe[:end] + _mark(len(text) - end + safe.count(BREAK, 0, end))


def _mark(missing: int) -> str:
    return f" … {missing:,} characters cut"


def _longest(text: str, room: int) -> int:
    """Return the length of the longest prefix that fits."""
    used = end = 0
    for cluster in _clusters(text):
        used += size(cluster)
        if used > room:
            break
        end += len(cluster)
    return end


def _clusters(text: str) -> Iterator[str]:
    """Yield the text in pieces that are each visible as one character."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _belongs(text[end], text[end - 1], end - start):
            yield text[start:end]
            start = end


def _belongs(char: str, before: str, length: int) -> bool:
    """Return whether the character continues the cluster of this length that ends with `before`."""
    if length >= CLUSTER_LIMIT or max(char, before) < FIRST_MARK:
        return False
    if FLAG_LETTER.match(char) and FLAG_LETTER.match(before):
        return length == 1  # two letters are a flag; the third starts the next one
    return (
        before == ZERO_WIDTH_JOINER
        or EXTENDING.match(char) is not None
        or unicodedata.category(char).startswith("M")
        or unicodedata.combining(before) == VIRAMA
    )
