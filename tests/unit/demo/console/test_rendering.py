import json
from typing import Any

import pytest

from demo.console.facts import Facts
from demo.console.rendering import message_html
from holdfast_cli.kinds import SAMPLES
from tests.support.demo.slack_requests import request
from tests.support.samples.golden import message_of


def shown(*blocks: dict[str, Any], **changes: Any) -> str:  # noqa: ANN401 - each field has its own type
    return str(message_html(request(blocks=blocks, **changes)))


def text(words: str, kind: str = "mrkdwn") -> dict[str, str]:
    return {"type": kind, "text": words}


BLOCKS: dict[str, tuple[dict[str, Any], str]] = {
    "header": (
        {"type": "header", "text": text("<b> & *c*", "plain_text")},
        '<h3 class="heading">&lt;b&gt; &amp; *c*</h3>',
    ),
    "section": ({"type": "section", "text": text("*a* &lt;i&gt;")}, '<div class="text"><b>a</b> &lt;i&gt;</div>'),
    "fields": (
        {"type": "section", "fields": [text("*Rule*\n> 90 %"), text("x")]},
        '<div class="text"><b>Rule</b><blockquote>90 %</blockquote></div><div class="text">x</div></div>',
    ),
    "context": (
        {"type": "context", "elements": [text("_a_"), text("_a_", "plain_text")]},
        "<span><i>a</i></span>\n <span>_a_</span>",
    ),
    "button": (
        {
            "type": "actions",
            "elements": [{"type": "button", "text": text("Go", "plain_text"), "url": "https://a.example"}],
        },
        'href="https://a.example" target="_blank" rel="noopener noreferrer">Go</a>',
    ),
    "button with a script": (
        {"type": "actions", "elements": [{"type": "button", "text": text("Go"), "url": "javascript:alert(1)"}]},
        'href="#"',
    ),
    "accessory": (
        {
            "type": "section",
            "text": text("a"),
            "accessory": {"type": "button", "text": text("Mute"), "style": "danger"},
        },
        'class="button danger"',
    ),
    "image": (
        {"type": "image", "image_url": "https://a.example/graph.png", "alt_text": 'a "graph"'},
        'href="https://a.example/graph.png" target="_blank" rel="noopener noreferrer">Picture: a &#34;graph&#34;</a>',
    ),
    "divider": ({"type": "divider"}, "<hr>"),
    "another type": ({"type": "video"}, "A block of type video is not shown here."),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_shown_as_slack_shows_it(name: str) -> None:
    block, html = BLOCKS[name]
    assert html in shown(block)


def test_a_picture_is_a_link_because_the_page_loads_nothing_from_elsewhere() -> None:
    assert "<img" not in shown(BLOCKS["image"][0])


@pytest.mark.parametrize(
    ("colour", "fill"), [("#f2711c", "#f2711c"), ("danger", "#e01e5a"), ("url(x)", "#8d8d8d"), (None, "#8d8d8d")]
)
def test_the_bar_has_the_colour_of_the_attachment(colour: object, fill: str) -> None:
    assert f'fill="{fill}"' in shown(attachments=({"color": colour, "text": "*a*"},))


def test_an_attachment_shows_its_words_and_its_blocks() -> None:
    attachment = {"pretext": "*p*", "title": "t", "text": "_x_", "blocks": [{"type": "section", "text": text("b")}]}
    html = shown(attachments=(attachment,))
    for words in ("<b>p</b>", ">t<", "<i>x</i>", ">b<"):
        assert words in html


def test_an_attachment_whose_text_is_no_text_is_shown_too() -> None:
    assert '<div class="text">5 &amp; up</div>' in shown(attachments=({"text": "5 & up"},))
    assert '<div class="text">5</div>' in shown(attachments=({"text": 5},))


def test_a_message_without_blocks_shows_its_text() -> None:
    assert '<div class="text"><b>bold</b></div>' in shown(text="*bold*")
    assert "bold" not in shown({"type": "divider"}, text="*bold*")


def test_a_reply_and_an_edit_name_the_message_that_they_belong_to() -> None:
    assert 'data-ts="100.000000"' in shown()
    assert 'data-thread="90.000001"' in shown(body=json.dumps({"thread_ts": "90.000001"}))
    assert 'data-edits="90.000001"' in shown(body=json.dumps({"ts": "90.000001"}))
    reply = shown(ts="100.000007", thread_ts="90.000001")
    assert 'data-ts="100.000007" data-thread="90.000001"' in reply, "ids that the Web API has given"


def test_the_facts_stand_below_the_message_escaped() -> None:
    html = str(message_html(request(), Facts("0.4 s", ("delayed",), (("Lane", "<ops>"),))))
    assert '<summary>0.4 s <span class="tag">delayed</span></summary>' in html
    assert "<dt>Lane</dt><dd>&lt;ops&gt;</dd>" in html


def test_each_sample_is_shown_whole() -> None:
    for sample in SAMPLES.iterdir():
        content: dict[str, Any] = message_of(sample)
        html = shown(*content["blocks"], attachments=tuple(content.get("attachments", ())), body=json.dumps(content))
        assert "is not shown here" not in html, sample.name
        assert html.count('class="button') == json.dumps(content).count('"button"'), sample.name
