"""Messages in the channels, as the browser shows them."""

import json
from typing import Any

from tests.browser.conftest import Open
from tests.browser.fed import Fed
from tests.browser.sample_posts import post_of_sample
from tests.support.demo.slack_requests import request

HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> &amp; *no* <b>"


def section(text: str, kind: str = "plain_text") -> dict[str, object]:
    return {"type": "section", "text": {"type": kind, "text": text}}


def test_a_sample_is_shown_with_its_header_fields_buttons_and_bar(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    fed.show(post_of_sample("alarm-metric.json"))
    message = page.locator(".message")
    assert message.locator("h3").text_content() == "🟠 ALARM shop-cpu"
    first, second = (message.locator(".fields > .text").nth(number).bounding_box() for number in (0, 1))
    assert first["y"] == second["y"], "two columns"
    assert message.locator(".actions a").all_text_contents() == ["Open in CloudWatch", "Runbook", "Metric"]
    assert message.locator(".bar rect").get_attribute("fill") == "#f2711c"
    assert message.locator("details dl").is_hidden()
    message.locator("summary").click()
    assert message.locator("details dl", has_text="none").is_visible()


def test_text_from_outside_is_shown_as_text(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    fed.show(request(webhook="alerts", blocks=(section(HOSTILE), section(escaped, "mrkdwn"))))
    texts = page.locator(".message .text")
    assert texts.nth(0).text_content() == HOSTILE
    assert texts.nth(1).text_content() == HOSTILE.replace("*no*", "no")
    assert page.locator(".message img, .message script").count() == 0


def test_times_are_in_the_zone_of_the_reader(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url, timezone_id="Asia/Kolkata", locale="en-GB")
    text = "<!date^1769825681^{date_num} {time_secs}|2026-01-31 02:14:41 UTC>"
    fed.show(request(webhook="alerts", blocks=(section(text, "mrkdwn"),)))
    moment = page.locator(".text time")
    assert (moment.text_content(), moment.get_attribute("title")) == ("2026-01-31 07:44:41", "2026-01-31 02:14:41 UTC")


def test_emoji_and_bars_are_drawn_by_the_fonts_of_the_page(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    fed.show(post_of_sample("alarm-metric.json"))
    page.locator(".message").wait_for()
    fonts = "[...document.fonts].map((one) => one.family + ' ' + one.status)"
    drawn = page.evaluate(f"document.fonts.ready.then(() => {fonts})")
    assert set(drawn) >= {f"Holdfast {name} loaded" for name in ("Text", "Code", "Emoji")}


def test_the_newest_message_is_at_the_bottom_and_in_view(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    for number in range(1, 13):
        fed.show(post_of_sample("alarm-metric.json", number))
    page.locator('[data-number="12"]').wait_for()
    assert [one.get_attribute("data-number") for one in page.locator(".message").all()] == [*map(str, range(1, 13))]
    panel, newest = page.locator(".panel:visible").bounding_box(), page.locator('[data-number="12"]').bounding_box()
    assert abs(panel["y"] + panel["height"] - newest["y"] - newest["height"]) < 30
    page.locator(".panel:visible").evaluate("(panel) => panel.scrollTo(0, -panel.scrollHeight)")
    page.locator('[data-number="1"]').wait_for()
    fed.show(post_of_sample("alarm-ok.json", 13))
    page.get_by_role("button", name="New messages").click()
    page.locator(".newest").wait_for(state="hidden")
    assert page.locator(".panel:visible").evaluate("(panel) => panel.scrollTop") == 0


def test_a_message_that_arrives_before_the_scroll_event_is_announced(fed: Fed, open_page: Open) -> None:
    """Browsers dispatch a scroll event with the next frame."""
    page = open_page(fed.url)
    for number in range(1, 13):
        fed.show(post_of_sample("alarm-metric.json", number))
    page.locator('[data-number="12"]').wait_for()
    page.evaluate("""async () => {
        const { addMessages } = await import("/static/channels.js");
        const panel = [...document.querySelectorAll(".panel")].find((one) => !one.hidden);
        panel.scrollTo(0, -panel.scrollHeight);
        addMessages([{ channel: "alerts", html: "<div class=message>the newest</div>" }]);
    }""")
    page.get_by_role("button", name="New messages").click()
    assert page.locator(".panel:visible").evaluate("(panel) => panel.scrollTop") == 0


def test_channels_are_chosen_by_keyboard_and_count_new_messages(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    fed.show(post_of_sample("alarm-metric.json", channel="team"), post_of_sample("alarm-ok.json", 2, channel="team"))
    page.locator("[role=tab] .new", has_text="2").wait_for()
    page.get_by_role("tab", name="#alerts").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", selected=True).inner_text() == "#team"
    assert page.locator(".panel:visible .message").count() == 2


def test_a_reply_stands_below_its_message_and_an_edit_replaces_it(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    parent = request(number=1, time=100.0, webhook="alerts", text="the alarm")
    reply = request(
        number=2, time=101.0, webhook="alerts", text="a reply", body=json.dumps({"thread_ts": "100.000000"})
    )
    edit = request(number=3, time=102.0, webhook="alerts", text="it is over", body=json.dumps({"ts": "100.000000"}))
    other = request(
        number=4, time=103.0, webhook="alerts", text="an orphan", body=json.dumps({"thread_ts": "7.000000"})
    )
    fed.show(parent, request(number=9, time=100.5, webhook="alerts", text="another"))
    fed.show(reply)
    page.locator('[data-ts="100.000000"] .replies', has_text="a reply").wait_for()
    fed.show(edit, other)
    page.get_by_text("an orphan").wait_for()
    assert_replied_and_edited(page)
    page.reload()  # all messages come in one batch
    page.get_by_text("an orphan").wait_for()
    assert_replied_and_edited(page)


def assert_replied_and_edited(page: Any) -> None:  # noqa: ANN401 - playwright's
    edited = page.locator(".messages > .message").first
    assert "it is over" in edited.text_content()
    assert "(edited)" in edited.text_content()
    assert "a reply" in edited.locator(".replies").text_content()
    assert "the alarm" not in page.locator(".messages").first.text_content()
    assert page.locator(".messages > .message").count() == 3


def test_an_empty_channel_says_so_and_a_reset_empties_it(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    page.get_by_text("Nothing was posted to #alerts yet.").wait_for()
    fed.show(post_of_sample("alarm-metric.json"))
    page.locator(".message").wait_for()
    fed.hub.clear()
    page.get_by_text("Nothing was posted to #alerts yet.").wait_for()
    assert page.locator(".message").count() == 0
