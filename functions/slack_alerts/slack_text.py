"""Text from outside -> text that is safe in a Slack message, and short enough. The limits of Slack stand here."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate

HEADER_LIMIT = 150
SECTION_LIMIT = 2900
"""Slack cuts section text at 3000 characters; the rest is for our own marks."""
FIELD_LIMIT = 1900
"""Slack refuses a field over 2000 characters."""
FIELDS_LIMIT = 10
TEXT_LIMIT = 2900
"""A push notification shows one line; over 4000 characters Slack may split a message."""

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
UNSAFE = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""Control characters, lone surrogates, and marks that turn the direction of the text."""


def clean(text: str, limit: int) -> str:
    """For plain_text objects, where Slack interprets nothing: unsafe characters out, at most `limit` characters."""
    return _fit(text, limit, {})


def escape(text: str, limit: int) -> str:
    """For mrkdwn: also `& < >` as entities, so that nothing from outside is a mention or a link."""
    return _fit(text, limit, ENTITIES)


def _fit(text: str, limit: int, entities: Mapping[str, str]) -> str:
    """Cut between characters, never within an entity; what is missing is said where there is room for it."""
    pieces = [entities.get(piece, piece) for piece in UNSAFE.sub("\ufffd", text[: limit + 1])]
    whole = "".join(pieces)
    if len(whole) <= limit:
        return whole
    mark = f" … {len(text)} characters in all"
    room = limit - len(mark) if len(mark) < limit else limit
    kept = bisect_right(list(accumulate(map(len, pieces))), room)
    return "".join(pieces[:kept]) + (mark if room < limit else "")
