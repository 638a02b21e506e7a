import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack_alerts.slack_text import clean, escape

ANY_TEXT = st.text(st.characters(codec=None))
ENTITY = re.compile(r"&(amp|lt|gt);")


@given(text=ANY_TEXT, limit=st.integers(0, 200))
def test_escaped_text_fits_and_can_neither_ping_nor_link(text: str, limit: int) -> None:
    escaped = escape(text, limit)
    assert len(escaped) <= limit
    assert not re.search(r"[<>]", escaped)
    assert "&" not in ENTITY.sub("", escaped)
    escaped.encode()


@given(text=ANY_TEXT, limit=st.integers(0, 200))
def test_clean_text_fits_and_can_be_sent(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    cleaned.encode()
    assert "\0" not in cleaned


def test_short_text_stays_as_it_is() -> None:
    assert escape("a & b <c>", 100) == "a &amp; b &lt;c&gt;"
    assert clean("a & b <c>\n\t€😀", 100) == "a & b <c>\n\t€😀"


@pytest.mark.parametrize("text", ["\0", "\x1b[31m", "\ud83d", "\u202e", "\x7f", "\x85"])
def test_what_would_break_or_disguise_a_message_is_replaced(text: str) -> None:
    assert "\ufffd" in clean(text, 100)
    assert "\ufffd" in escape(text, 100)


def test_long_text_says_how_long_it_was() -> None:
    assert clean("x" * 500, 100).endswith(" … 500 characters in all")
    assert escape("&" * 500, 100).endswith(" … 500 characters in all")
