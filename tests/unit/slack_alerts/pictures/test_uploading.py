"""Uploads to the stand-in of Slack, over a socket."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from demo.graphs.png import png
from demo.slack.standin import SlackStandin
from retry_policies import Deadline
from slack_alerts.models import BotToken, Place, SlackMessage
from slack_alerts.pictures.failure import NoPicture, Reason
from slack_alerts.pictures.uploading import UPLOADING, Uploading
from slack_alerts.slack.egress import Egress, ForbiddenUrl
from slack_alerts.slack.http import SlackHttp
from slack_alerts.slack.upload import File, SlackUpload
from tests.support.fault_server.wire import End, Exchange
from tests.support.slack.loopback import LoopbackSlack

FILE = File("alarm.png", "checkout-errors", "Graph of errors.", png())
RESERVE, SEND, COMPLETE = "files.getUploadURLExternal", "upload", "files.completeUploadExternal"
PLACE = Place("C0OPS", "1.000001")
EGRESS = Egress(frozenset({"slack.com", "hooks.slack.com", "files.slack.com", "files.slack-gov.com"}))


@pytest.fixture
def slack() -> Iterator[SlackStandin]:
    with SlackStandin(burst=100) as standin:
        yield standin


def credentials(slack: SlackStandin) -> BotToken:
    return BotToken(slack.bot_token(), slack.channel_id("ops"))


def posted(slack: SlackStandin, text: str = "checkout-errors") -> Place:
    place = SlackHttp(slack.api_url).post(credentials(slack), SlackMessage(text), 5.0)
    assert place is not None
    return place


def upload(slack: SlackStandin, place: Place, file: File = FILE, seconds: float = 10.0) -> None:
    uploading = Uploading(SlackUpload(SlackHttp(slack.api_url), EGRESS), UPLOADING.with_(sleep=lambda _: None))
    uploading.upload(credentials(slack), place, file, Deadline.after(seconds))


def failure(slack: SlackStandin, place: Place, file: File = FILE, seconds: float = 10.0) -> tuple[Reason, str]:
    with pytest.raises(NoPicture) as raised:
        upload(slack, place, file, seconds)
    return raised.value.reason, raised.value.code


def test_the_picture_is_a_reply_with_a_description(slack: SlackStandin) -> None:
    place = posted(slack)
    upload(slack, place)
    [shown] = slack.files.shown("ops")
    assert shown.thread_ts == place.ts
    assert shown.file is not None
    assert (shown.file.name, shown.file.title, shown.file.alt_text, shown.file.data) == (
        FILE.name,
        FILE.title,
        FILE.alt_text,
        FILE.data,
    )
    assert slack.files.calls == [RESERVE, SEND, COMPLETE]


def test_the_picture_of_a_reply_is_in_the_thread_of_that_reply(slack: SlackStandin) -> None:
    root = posted(slack)
    upload(slack, replace(posted(slack), thread_ts=root.ts))
    assert [one.thread_ts for one in slack.files.shown("ops")] == [root.ts]


def test_below_a_deleted_message_the_picture_is_in_the_channel(slack: SlackStandin) -> None:
    place = posted(slack)
    slack.delete("ops", place.ts)
    upload(slack, place)
    assert [one.thread_ts for one in slack.files.shown("ops")] == [""]


@pytest.mark.parametrize("call", [RESERVE, SEND, COMPLETE])
def test_h16_an_upload_that_hangs_ends_and_is_not_repeated(slack: SlackStandin, call: str) -> None:
    place = posted(slack)
    slack.script([{"slow": 2}], webhook=call)
    assert failure(slack, place, seconds=0.8) in {(Reason.NOT_UPLOADED, "unanswered"), (Reason.NO_TIME, "")}
    assert slack.files.calls.count(call) == 1


def test_h20_a_bot_that_is_not_in_the_channel_posts_no_picture(slack: SlackStandin) -> None:
    place = posted(slack)
    slack.files.absent.add("ops")
    assert failure(slack, place) == (Reason.NOT_UPLOADED, "not_in_channel")
    assert slack.files.shown("ops") == []


def test_h18_a_token_without_the_scope_is_refused_once(slack: SlackStandin) -> None:
    place = posted(slack)
    slack.files.may_write = False
    assert failure(slack, place) == (Reason.NOT_UPLOADED, "missing_scope")
    assert slack.files.calls == [RESERVE]


def test_h19_a_throttled_upload_that_may_not_wait_is_given_up(slack: SlackStandin) -> None:
    slack.script([{"status": 429, "retry_after": 30}], webhook=RESERVE)
    with pytest.raises(NoPicture) as raised:
        upload(slack, posted(slack))
    assert (raised.value.reason, raised.value.code) == (Reason.THROTTLED, "ratelimited")
    assert raised.value.retry_after == 30.0


@pytest.mark.parametrize("call", [RESERVE, COMPLETE])
def test_a_call_that_fails_for_now_is_repeated_once(slack: SlackStandin, call: str) -> None:
    slack.script([{"status": 503}], webhook=call)
    upload(slack, posted(slack))
    slack.script([{"status": 503}] * 2, webhook=call)
    assert failure(slack, posted(slack))[0] is Reason.NOT_UPLOADED
    assert len(slack.files.shown("ops")) == 1


@pytest.mark.parametrize("answer", [{"status": 500}, {"status": 504}, {"body": "internal_error"}])
def test_h16_a_completion_that_may_have_taken_effect_is_not_repeated(
    slack: SlackStandin, answer: dict[str, object]
) -> None:
    slack.script([answer], webhook=COMPLETE)
    assert failure(slack, posted(slack))[0] is Reason.NOT_UPLOADED
    assert slack.files.calls.count(COMPLETE) == 1


def test_an_upload_of_another_length_is_refused(slack: SlackStandin) -> None:
    place, uploads = posted(slack), SlackUpload(SlackHttp(slack.api_url), EGRESS)
    ticket = uploads.reserve(credentials(slack), FILE, 5.0)
    with pytest.raises(Exception, match="404"):
        uploads.send(ticket, replace(FILE, data=FILE.data + b"x"), 5.0)
    assert slack.files.shown("ops") == []
    assert place.ts


def reserved(url: str, egress: Egress) -> str:
    """Return the URL for the bytes if Slack answers this one."""
    body = f'{{"ok": true, "file_id": "F012AB3CD", "upload_url": "{url}"}}'.encode()

    def answer(exchange: Exchange) -> End:
        exchange.answer(200, body)
        return End.CLOSE

    with LoopbackSlack([answer]) as server:
        uploads = SlackUpload(SlackHttp(f"http://127.0.0.1:{server.port}/api"), egress)
        return uploads.reserve(BotToken("xoxb-1", "C0OPS"), FILE, 5.0).url


FOREIGN = [
    "https://files.slack.com.example.com/upload/v1/x",
    "https://example.com/upload/v1/x",
    "http://files.slack.com/upload/v1/x",
    "https://files.slack.com:8443/upload/v1/x",
    "https://user@files.slack.com/upload/v1/x",
    "https://hooks.slack.com/upload/v1/x",
    "http://127.0.0.1:1/upload/v1/x",
    "http://localhost/upload/v1/x",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_only_the_host_of_slacks_files_gets_the_picture(url: str) -> None:
    with pytest.raises(ForbiddenUrl):
        reserved(url, EGRESS)


@pytest.mark.parametrize("url", ["https://files.slack.com/upload/v1/x", "https://files.slack-gov.com/upload/v1/x"])
def test_the_hosts_of_slacks_files_are_allowed_if_the_stack_allows_them(url: str) -> None:
    assert reserved(url, EGRESS) == url
    with pytest.raises(ForbiddenUrl):
        reserved(url, Egress(frozenset({"slack.com"})))


def test_the_upload_url_is_in_no_log_and_no_error(
    slack: SlackStandin, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    place = posted(slack)
    slack.script([{"status": 404}], webhook=SEND)
    with pytest.raises(NoPicture) as raised:
        upload(slack, place)
    ticket = SlackUpload(SlackHttp(slack.api_url), EGRESS).reserve(credentials(slack), FILE, 5.0)
    said = f"{caplog.text}{capsys.readouterr()}{raised.value!r}{raised.value.__context__!r}{ticket!r}"
    assert "upload/v1" not in said
    assert slack.bot_token() not in said
