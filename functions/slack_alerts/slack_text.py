"""Text from outside -> text that is safe in a Slack message, and short enough. The limits of Slack stand here."""

import re

HEADER_LIMIT = 150
SECTION_LIMIT = 2900
"""Slack cuts section text at 3000 characters; the rest is for our own marks."""
FIELD_LIMIT = 1900
"""Slack refuses a field over 2000 characters."""
FIELDS_LIMIT = 10
TEXT_LIMIT = 2900
"""A push notification shows one line; over 4000 characters Slack may split a message."""

UNSAFE = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""Control characters, lone surrogates, and marks that turn the direction of the text."""


def clean(text: str, limit: int) -> str:
    """For plain_text objects, where Slack interprets nothing: unsafe characters out, cut to the limit."""
    return _cut(UNSAFE.sub("\ufffd", text), limit)


def escape(text: str, limit: int) -> str:
    """For mrkdwn: also `& < >` as entities, so that nothing from outside is a mention or a link."""
    cleaned = UNSAFE.sub("\ufffd", text)
    escaped = _entities(cleaned)
    keep = limit
    while len(escaped) > limit:
        keep -= max(1, (len(escaped) - limit) // 5)
        escaped = _entities(_cut(cleaned, keep))
    return escaped


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, limit: int) -> str:
    """At most limit characters; what is missing is said."""
    if len(text) <= limit:
        return text
    mark = f" … {len(text)} characters in all"
    return text[: limit - len(mark)] + mark if limit > len(mark) else text[:limit]
