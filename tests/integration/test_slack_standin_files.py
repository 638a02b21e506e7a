"""Uploads to the Slack stand-in, with Slack's errors."""

import json
from collections.abc import Iterator

import pytest
import requests

from demo.slack.standin import SlackStandin

LENGTH = {"filename": "a.png", "length": "3"}


@pytest.fixture
def slack() -> Iterator[SlackStandin]:
    with SlackStandin() as standin:
        yield standin


def call(slack: SlackStandin, method: str, token: str | None = None, **form: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {slack.bot_token() if token is None else token}"}
    answer: dict[str, str] = requests.post(f"{slack.api_url}/files.{method}", form, headers=headers, timeout=5).json()
    return answer


def reserve(slack: SlackStandin, token: str | None = None, **form: str) -> dict[str, str]:
    return call(slack, "getUploadURLExternal", token, **(LENGTH | form))


def complete(slack: SlackStandin, file_id: str, channel: str) -> dict[str, str]:
    return call(slack, "completeUploadExternal", files=json.dumps([{"id": file_id}]), channel_id=channel)


def test_a_file_is_shown_once(slack: SlackStandin) -> None:
    channel, ticket = slack.channel_id("ops"), reserve(slack, alt_txt="words")
    assert requests.post(ticket["upload_url"], b"abc", timeout=5).status_code == 200
    assert complete(slack, ticket["file_id"], channel)["ok"]
    assert complete(slack, ticket["file_id"], channel)["error"] == "file_not_found"
    [shown] = slack.files.shown("ops")
    assert shown.file is not None
    assert (shown.file.data, shown.file.alt_text) == (b"abc", "words")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"length": "0"}, "invalid_arguments"),
        ({"length": "x"}, "invalid_arguments"),
        ({"filename": ""}, "invalid_arguments"),
        ({"alt_txt": "x" * 1_001}, "alt_txt_too_large"),
    ],
)
def test_a_wrong_reservation_is_refused(slack: SlackStandin, form: dict[str, str], error: str) -> None:
    assert reserve(slack, **form) == {"ok": False, "error": error}


def test_only_the_bot_uploads(slack: SlackStandin) -> None:
    assert reserve(slack, "xoxb-unknown")["error"] == "invalid_auth"
    slack.files.may_write = False
    assert reserve(slack)["error"] == "missing_scope"


def test_a_file_needs_its_bytes_and_a_channel_with_the_bot(slack: SlackStandin) -> None:
    channel, ticket = slack.channel_id("ops"), reserve(slack)
    assert complete(slack, ticket["file_id"], channel)["error"] == "file_not_found"
    assert requests.post(ticket["upload_url"], b"abcd", timeout=5).status_code == 404
    assert requests.post(f"{slack.url}/upload/v1/other", b"abc", timeout=5).status_code == 404
    assert requests.post(ticket["upload_url"], b"abc", timeout=5).status_code == 200
    assert complete(slack, ticket["file_id"], "C0NOBODY")["error"] == "channel_not_found"
    slack.files.absent.add("ops")
    assert complete(slack, ticket["file_id"], channel)["error"] == "not_in_channel"
    assert call(slack, "completeUploadExternal", channel_id=channel, files="x")["error"] == "not_in_channel"
    slack.files.absent.clear()
    assert call(slack, "completeUploadExternal", channel_id=channel, files="x")["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [({"status": 429, "retry_after": 7}, 429, "ratelimited"), ({"status": 500}, 500, "internal_error")],
)
def test_a_script_names_a_call(slack: SlackStandin, answer: dict[str, object], status: int, error: str) -> None:
    slack.script([answer], webhook="files.getUploadURLExternal")
    headers = {"Authorization": f"Bearer {slack.bot_token()}"}
    url = f"{slack.api_url}/files.getUploadURLExternal"
    response = requests.post(url, LENGTH, headers=headers, timeout=5)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert reserve(slack)["ok"]
