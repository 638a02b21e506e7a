"""The post over real sockets of this machine; tests/integration/faults has each answer and each broken connection."""

import json
import socket
import threading
from dataclasses import replace

import pytest

from slack_alerts.formatting.message import format_message
from slack_alerts.models import BotToken, Edit, Place, Reply, SlackMessage, SlackRefused, SlackUnreachable, Webhook
from slack_alerts.slack.http import SlackHttp
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.wire import End, Exchange
from tests.support.samples.notifications import alert
from tests.support.slack.loopback import LoopbackSlack

post = SlackHttp().post
MESSAGE = SlackMessage("🔴 disk full", ({"type": "header", "text": {"type": "plain_text", "text": "disk full"}},))
CONTENT = {"text": MESSAGE.text, "blocks": list(MESSAGE.blocks), "unfurl_links": False, "unfurl_media": False}
EDIT = Edit("C1", "1.5", {"text": "new"})


def test_a_message_arrives_as_it_was_built() -> None:
    with LoopbackSlack(["/ok", ask("/200", body='{"ok": true}')]) as slack:
        post(Webhook(slack.webhook()), MESSAGE, 5.0)
        SlackHttp(slack.url("/api")).post(BotToken("xoxb-1", "C1"), MESSAGE, 5.0)
    webhook, bot = slack.requests
    assert webhook.message == CONTENT
    assert webhook.headers["Content-Type"] == "application/json; charset=utf-8"
    assert webhook.headers["Accept-Encoding"] == "identity"
    assert (bot.path, bot.message) == ("/api/chat.postMessage", {"channel": "C1", **CONTENT})
    assert bot.headers["Authorization"] == "Bearer xoxb-1"


@pytest.mark.parametrize(("channel", "is_reply"), [("C1", True), ("C2", False)])
def test_a_reply_names_its_thread_in_its_own_channel_only(channel: str, *, is_reply: bool) -> None:
    reply = replace(MESSAGE, reply=Reply("C1", "1.000001", is_broadcast=True))
    answer = '{"ok": true, "channel": "C1", "ts": "2.000001", "message": {"thread_ts": "1.000001"}}'
    with LoopbackSlack([ask("/200", body=answer)]) as slack:
        place = SlackHttp(slack.url("/api")).post(BotToken("xoxb-1", channel), reply, 5.0)
    thread = {"thread_ts": "1.000001", "reply_broadcast": True} if is_reply else {}
    assert slack.requests[0].message == {"channel": channel, **CONTENT, **thread}
    assert place == Place("C1", "2.000001", "1.000001")


def test_an_edit_replaces_a_message_by_its_id() -> None:
    with LoopbackSlack([ask("/200", body='{"ok": true}')]) as slack:
        SlackHttp(slack.url("/api")).update(BotToken("xoxb-1", "C1"), EDIT, 5.0)
    [request] = slack.requests
    assert (request.path, request.message) == ("/api/chat.update", {"channel": "C1", "ts": "1.5", "text": "new"})
    assert request.headers["Authorization"] == "Bearer xoxb-1"


def test_an_edit_that_slack_refuses_or_does_not_answer_raises() -> None:
    refusal = ask("/200", body='{"ok": false, "error": "msg_too_long"}')
    with LoopbackSlack([refusal]) as slack, pytest.raises(SlackRefused, match="msg_too_long"):
        SlackHttp(url := slack.url("/api")).update(BotToken("xoxb-1", "C1"), EDIT, 5.0)
    with pytest.raises(SlackUnreachable):  # the server has ended
        SlackHttp(url).update(BotToken("xoxb-1", "C1"), EDIT, 5.0)


def test_a_webhook_gets_no_field_of_a_thread() -> None:
    reply = replace(MESSAGE, reply=Reply("C1", "1.000001", is_broadcast=True))
    with LoopbackSlack() as slack:
        assert post(Webhook(slack.webhook()), reply, 5.0) is None
    assert slack.requests[0].message == CONTENT


def test_the_answer_that_repeats_the_largest_message_is_read_whole() -> None:
    wide, long = "語" * 3000, "事" * 9000
    large = format_message(alert("<!here>", title=wide, summary=wide, reason=long, facts=((wide, wide),) * 10))
    answer = json.dumps({"ok": True, "channel": "C1", "message": large.content})
    with LoopbackSlack([ask("/200", body=answer + " " * len(answer))]) as slack:
        SlackHttp(slack.url("/api")).post(BotToken("xoxb-1", "C1"), large, 5.0)
    assert len(slack.requests) == 1


def post_to(answer: bytes) -> None:
    """Post to a Slack that sends exactly these bytes."""

    def behave(exchange: Exchange) -> End:
        exchange.send(answer)
        return End.CLOSE

    with LoopbackSlack([behave]) as slack:
        post(Webhook(slack.webhook()), MESSAGE, 5.0)


def test_an_answer_counts_that_comes_before_the_whole_request() -> None:
    def refuse() -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=refuse)
        thread.start()
        webhook = Webhook(f"http://127.0.0.1:{server.getsockname()[1]}/services/x")
        with pytest.raises(SlackRefused, match="413"):
            post(webhook, SlackMessage("x" * 20_000_000), 5.0)
        thread.join()


def test_a_token_that_no_header_can_have_was_not_sent() -> None:
    with LoopbackSlack() as slack, pytest.raises(SlackUnreachable) as caught:
        SlackHttp(slack.url("/api")).post(BotToken("xoxb-canary\nx: y", "C1"), MESSAGE, 5.0)
    assert not caught.value.sent
    assert "canary" not in f"{caught.value} {caught.value.__context__!r}"
    assert slack.requests == []


def test_the_path_of_a_webhook_is_encoded_and_its_fragment_stays() -> None:
    with LoopbackSlack() as slack:
        post(Webhook(slack.url("/services/{a}?b=|#c")), MESSAGE, 5.0)
    assert [one.path for one in slack.requests] == ["/services/%7Ba%7D?b=%7C"]


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
    ],
)
def test_interim_answers_are_skipped(interim: bytes) -> None:
    post_to(interim + OK)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + OK, "101"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 20\r\n\r\nno_service", "404"),
    ],
    ids=["switching protocols is a final answer", "a refusal needs no whole body"],
)
def test_an_unusual_answer_is_a_refusal(answer: bytes, code: str) -> None:
    with pytest.raises(SlackRefused, match=code):
        post_to(answer)
