import re
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slack_alerts.formatting.mrkdwn import CLUSTER_LIMIT, LINK_LIMIT, clean, disarm, escape, link, size, units

type Writer = Callable[[str, int], str]

WRITERS: list[Writer] = [clean, escape, disarm]
MEBIBYTE = 2**20
ENTITY = re.compile(r"&(amp|lt|gt);")
MARK = re.compile(r" … ([\d,]+) characters cut$")
WHOLES = [
    *("👨‍👩‍👧‍👦", "👩🏽‍🚒", "👍🏿", "❤️", "1️⃣", "😀"),  # joined, with skin tones, with variation selectors
    *("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇩🇪"),  # flags of tags and of two letters
    *("é", "a̶̷̸", "क्ष", "각", "&", "<"),
]
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
PIECES = st.sampled_from([*WHOLES, "x", " ", "\n", "@", "<!channel>", "https://evil.example"])
MIXED = st.lists(PIECES, max_size=120).map("".join)
ANY_TEXT = st.text(st.characters(codec=None)) | MIXED


@pytest.mark.parametrize("write", WRITERS)
@settings(deadline=None)
@given(text=ANY_TEXT, limit=st.integers(0, 200))
def test_any_text_fits_can_be_encoded_and_keeps_its_direction(write: Writer, text: str, limit: int) -> None:
    written = write(text, limit)
    assert (size(written) if write is clean else units(written)) <= limit
    written.encode()
    assert not [char for char in written if unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"]
    assert not [char for char in written if unicodedata.bidirectional(char) in DIRECTIONS]


@pytest.mark.parametrize("write", [escape, disarm])
@settings(deadline=None)
@given(text=ANY_TEXT, limit=st.integers(0, 200))
def test_escaped_text_can_neither_ping_nor_link(write: Writer, text: str, limit: int) -> None:
    written = write(text, limit)
    assert not re.search(r"[<>]", written)
    assert "&" not in ENTITY.sub("", written)


@settings(deadline=None)
@given(text=ANY_TEXT, limit=st.integers(0, 200))
@example(text="@here @channel https://evil.example ops@mail.example www.evil.example", limit=200)
def test_disarmed_text_has_nothing_that_slack_links_or_mentions_unasked(text: str, limit: int) -> None:
    assert not re.search(r"@\w|://|\w\.[^\W\d_]{2}", disarm(text, limit))


def test_disarmed_text_looks_the_same() -> None:
    text = "p99 of api.example is 5.0 s, says ops@mail.example: https://a.example/x"
    assert disarm(text, 200).replace("\u200b", "") == text
    assert disarm("5.0 s. Then: 10:30", 200) == "5.0 s. Then: 10:30"


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("whole", WHOLES)
def test_no_character_is_cut_in_two(write: Writer, whole: str) -> None:
    for limit in range(40, 140):
        shown = MARK.sub("", write(whole * 100, limit))
        one = write(whole, 100)
        assert shown == one * (len(shown) // len(one))


@pytest.mark.parametrize("write", WRITERS)
@settings(deadline=None)
@given(wholes=st.lists(st.sampled_from(WHOLES), min_size=40, max_size=80), limit=st.integers(40, 150))
def test_missing_characters_are_counted_and_the_cut_is_between_characters(
    write: Writer, wholes: list[str], limit: int
) -> None:
    text = "".join(wholes)
    written = write(text, limit)
    if not (cut := MARK.search(written)):
        assert written == write(text, 10_000)
        return
    missing = int(cut[1].replace(",", ""))
    borders = {sum(map(len, wholes[:count])) for count in range(len(wholes) + 1)}
    assert len(text) - missing in borders
    assert written[: cut.start()] == write(text[: len(text) - missing], 10_000)


def test_a_single_flag_letter_does_not_break_the_next_flags() -> None:
    assert MARK.sub("", clean("🇩" + "x" + "🇫🇷" * 40, 60)).endswith("🇫🇷")


def test_a_long_run_of_marks_hides_no_text() -> None:
    written = clean("DB down" + "\u0301" * 5000, 300)
    assert written.startswith("DB dow")
    assert "n\u0301" in clean("DB down" + "\u0301" * CLUSTER_LIMIT * 3, 150)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_newline_is_one(newline: str) -> None:
    assert clean(f"a{newline}b", 100) == "a\nb"
    assert MARK.search(clean(f"a{newline}" * 500, 100))


@pytest.mark.parametrize(
    "text", ["\0", "\x1b[31m", "\ud83d", "\u202e", "\u2066", "\u200f", "\x7f", "\x80", "\uffff", "\ufff9"]
)
def test_unsafe_characters_are_replaced(text: str) -> None:
    for write in WRITERS:
        assert write(text, 100).startswith("\ufffd")


def test_short_text_is_escaped_and_longer_text_ends_with_the_number_of_missing_characters() -> None:
    assert escape("a & b <c>", 100) == "a &amp; b &lt;c&gt;"
    assert clean("a & b <c>\n\t€😀", 100) == "a & b <c>\n\t€😀"
    assert size("a&<>😀") == 1 + 5 + 4 + 4 + 2
    assert clean("x" * 1500, 100) == "x" * 77 + " … 1,423 characters cut"
    assert escape("&" * 500, 100) == "&amp;" * 15 + " … 485 characters cut"
    assert disarm("@a" * 500, 100) == "@\u200ba" * 25 + "@\u200b … 949 characters cut"
    assert clean("x" * 500, 10) == "…"
    assert clean("x", 0) == ""


def test_only_a_valid_link_has_markup() -> None:
    assert link("https://a.example/x?y=1&z=2#k", "Open") == "<https://a.example/x?y=1&amp;z=2#k|Open>"
    for url in ("", "http://a.example", "https://a.example/a b", "https://a.example/|x", "https://a.example/>", "x"):
        assert link(url, "Open") == ""
    assert link(f"https://a.example/{'x' * LINK_LIMIT}", "Open") == ""


def test_the_words_of_a_link_cannot_end_it_or_ping() -> None:
    written = link("https://a.example", "Open x> <!here>\n@here")
    assert written == "<https://a.example|Open x&gt; &lt;!here&gt; @\u200bhere>"


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("unit", ["&", "😀", "x", "👨‍👩‍👧‍👦", "\u0301", "\u200d", "🇩", "\r\n", "a.b@c ", "\ud83d"])
def test_a_mebibyte_takes_no_more_calls_than_a_short_text(write: Writer, unit: str) -> None:
    """Count Python's calls instead of measuring time."""

    def steps(text: str) -> int:
        count = 0

        def each(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(each)
        write(text, 2900)
        sys.setprofile(None)
        return count

    assert steps(unit * (MEBIBYTE // len(unit))) <= steps(unit * (20_000 // len(unit))) + 100
