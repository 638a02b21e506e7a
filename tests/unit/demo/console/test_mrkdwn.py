import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from demo.console.mrkdwn import mrkdwn, plain

CASES = {
    "*bold* and _italic_ and ~gone~": "<b>bold</b> and <i>italic</i> and <s>gone</s>",
    "*bold with _italic_ inside*": "<b>bold with <i>italic</i> inside</b>",
    "_italic with *bold* inside_": "<i>italic with <b>bold</b> inside</i>",
    "2*3*4, snake_case_name, a ~ b": "2*3*4, snake_case_name, a ~ b",
    "* no bold *, ** nor this **": "* no bold *, ** nor this **",
    "*Rule*\nAverage &gt; 90 %": "<b>Rule</b>\nAverage &gt; 90 %",
    "`a *b* &lt;c&gt;`": "<code>a *b* &lt;c&gt;</code>",
    "```\nfirst\n*second*\n```": "<pre>first\n*second*</pre>",
    "&gt; said\n&gt; twice\nnot": "<blockquote>said\ntwice</blockquote>not",
    "at 02:14:41 by arn:aws:alarm:x": "at 02:14:41 by arn:aws:alarm:x",
    "<!here> <@U012AB> <!subteam^S01|@ops> <#C01|alerts>": " ".join(
        f'<span class="mention">{name}</span>' for name in ("@here", "@U012AB", "@ops", "#alerts")
    ),
    "<https://example.com/?a=1&amp;b=2|the *page*>": (
        '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">the *page*</a>'
    ),
    "*ALARM* <https://example.com>": (
        '<b>ALARM</b> <a href="https://example.com" target="_blank" rel="noopener noreferrer">https://example.com</a>'
    ),
    "<!date^1769825681^{date_short_pretty} {time_secs}|2026-01-31 02:14:41 UTC>": (
        '<time datetime="2026-01-31T02:14:41+00:00" data-pattern="{date_short_pretty} {time_secs}">'
        "2026-01-31 02:14:41 UTC</time>"
    ),
    "&amp;lt; is decoded once": "&amp;lt; is decoded once",
}
DANGEROUS = {
    "<script>alert(1)</script>": "scriptalert(1)/script",
    "&lt;script&gt;alert(1)&lt;/script&gt;": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<javascript:alert(1)|click>": "click",
    '<https://example.com/"onclick="alert(1)|x>': (
        '<a href="https://example.com/&#34;onclick=&#34;alert(1)" target="_blank" rel="noopener noreferrer">x</a>'
    ),
    "\ue0007\ue001": "\ufffd7\ufffd",
}
TAGS = {"b", "i", "s", "code", "pre", "blockquote", "a", "span", "time"}
ATTRIBUTES = {"href", "target", "rel", "class", "datetime", "data-pattern"}


@pytest.mark.parametrize("text", [*CASES, *DANGEROUS])
def test_text_is_shown_as_slack_shows_it(text: str) -> None:
    assert str(mrkdwn(text)) == (CASES | DANGEROUS)[text]


class Tags(HTMLParser):
    """The tags of a piece of HTML; each must be closed in its order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert all((value or "").startswith(("http", "mailto:")) for name, value in attrs if name == "href")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


SLACKLIKE = st.text(st.sampled_from("ab *_~`<>|&;!@#^\n\"'=/\ue000\ue0011lgtampquo:{}-"), max_size=60)


@given(SLACKLIKE | st.text())
@example("*a _b* c_")
@example("<!date^99999999999^{date}|x>")
@example("<!date^9999999999^{date}|x>")
def test_any_text_becomes_well_formed_html_of_the_known_tags(text: str) -> None:
    Tags(str(mrkdwn(text)))


@given(st.text(st.characters(blacklist_categories=["Cs", "Co"], blacklist_characters="\r\0")))
def test_escaped_text_from_outside_is_shown_unchanged_except_for_marks(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not re.search(r"[*_~`]|(?:^|\n)>", text):
        assert Tags(str(mrkdwn(escaped))).text == text
    assert Tags(str(plain(text))).text == text


def test_long_text_takes_no_long_time() -> None:
    for text in ("*a" * 1_500, "_*~" * 1_000, "<" * 3_000, "`" * 3_000, "*a *b " * 500):
        Tags(str(mrkdwn(text)))
