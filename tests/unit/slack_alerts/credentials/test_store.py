import logging

import pytest

from slack_alerts.credentials.store import CACHED_AFTER_ERROR, CACHED_FOR, MISSING_FOR, USABLE_FOR
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable, Webhook
from tests.support.steps.credential_store import FAILURES, NEW, OLD, PATH, ScriptedCredentials
from tests.support.steps.scripted_store import refusal


def test_credentials_are_read_by_path_and_name() -> None:
    secrets = ScriptedCredentials(f" {OLD}\n")
    assert secrets.find("team-2") == Webhook(OLD)
    assert secrets.store.names == [f"{PATH}/team-2"]


@pytest.mark.parametrize(("text", "problem"), [(None, "there is no secret"), (" \n", "the secret is empty")])
def test_f1_f2_the_error_of_a_missing_or_malformed_secret_names_the_destination(text: str | None, problem: str) -> None:
    with pytest.raises(CredentialsMissing, match=f"^destination ops: {problem}$"):
        ScriptedCredentials(text).find()


def test_a_forbidden_url_of_the_web_api_stops_bots_and_no_webhook() -> None:
    api_url = "https://example.com/api"
    assert ScriptedCredentials(OLD, api_url=api_url).find() == Webhook(OLD)
    with pytest.raises(CredentialsMissing, match=r"^destination ops: SLACK_API_URL must name one of the allowed hosts"):
        ScriptedCredentials('{"token": "xoxb-1-canary", "channel": "C0123"}', api_url=api_url).find()


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str, object]]:
    return [(one.levelno, one.getMessage(), vars(one).get("problem")) for one in caplog.records]


def test_credentials_are_kept_for_five_minutes_for_each_destination() -> None:
    secrets = ScriptedCredentials(OLD)
    assert secrets.find() == secrets.find() == secrets.find("other")
    assert secrets.reads == 2
    secrets.time.now += CACHED_FOR - 0.1
    secrets.find()
    assert secrets.reads == 2
    secrets.store.answers = [NEW]
    secrets.time.now += 0.1
    assert secrets.find() == Webhook(NEW)


@pytest.mark.parametrize("code", FAILURES)
def test_f4_f5_a_cached_secret_serves_for_a_day_while_the_store_fails(code: str) -> None:
    secrets = ScriptedCredentials(OLD, FAILURES[code]())
    secrets.find()
    secrets.time.now += USABLE_FOR - 0.1
    assert secrets.find() == Webhook(OLD)
    secrets.time.now += CACHED_AFTER_ERROR
    with pytest.raises(CredentialsUnavailable):
        secrets.find()


def test_f4_a_store_that_fails_is_not_read_for_each_alert_and_recovers() -> None:
    secrets = ScriptedCredentials(OLD, FAILURES["AccessDeniedException"]())
    secrets.find()
    secrets.time.now += CACHED_FOR
    for _ in range(10):
        secrets.find()
    assert secrets.reads == 2
    secrets.store.answers = [NEW]
    secrets.time.now += CACHED_AFTER_ERROR
    assert secrets.find() == Webhook(NEW)


def test_f4_a_store_that_asks_for_a_longer_wait_is_read_after_that() -> None:
    secrets = ScriptedCredentials(OLD, refusal("ThrottlingException", 400, {"retry-after": "120"}))
    secrets.find()
    secrets.time.now += CACHED_FOR
    secrets.find()
    secrets.time.now += 119.9
    secrets.find()
    assert secrets.reads == 2
    secrets.time.now += 0.1
    secrets.find()
    assert secrets.reads == 3


def test_after_a_malformed_new_secret_the_old_one_serves_for_a_day() -> None:
    secrets = ScriptedCredentials(OLD, "canary")
    secrets.find()
    secrets.time.now += CACHED_FOR
    assert secrets.find() == Webhook(OLD)
    secrets.time.now += USABLE_FOR
    with pytest.raises(CredentialsMissing, match="the webhook must be"):
        secrets.find()


def test_f1_a_missing_secret_is_read_again_after_five_seconds() -> None:
    secrets = ScriptedCredentials(None, OLD)
    for _ in range(10):
        with pytest.raises(CredentialsMissing, match=r"^destination ops: (there is no secret|the secret was missing)"):
            secrets.find()
    secrets.time.now += MISSING_FOR - 0.1
    with pytest.raises(CredentialsMissing, match=r"^destination ops: the secret was missing at the last read$"):
        secrets.find()
    assert secrets.reads == 1
    secrets.time.now += 0.1
    assert secrets.find() == Webhook(OLD)


def test_a_removed_secret_is_not_used() -> None:
    secrets = ScriptedCredentials(OLD, None, FAILURES["ThrottlingException"]())
    secrets.find()
    secrets.time.now += CACHED_FOR
    with pytest.raises(CredentialsMissing, match="there is no secret"):
        secrets.find()
    secrets.time.now += MISSING_FOR
    with pytest.raises(CredentialsUnavailable):
        secrets.find()


def test_each_failed_read_is_one_warning_while_an_old_secret_is_used(caplog: pytest.LogCaptureFixture) -> None:
    secrets = ScriptedCredentials(OLD, FAILURES["AccessDeniedException"]())
    secrets.find()
    assert lines(caplog) == []
    secrets.time.now += CACHED_FOR
    secrets.find()
    secrets.find()
    assert lines(caplog) == [(logging.WARNING, "old secret used", "destination ops: AccessDeniedException")]


def test_f3_a_rotated_secret_is_found_at_once_if_the_old_one_is_refused() -> None:
    secrets = ScriptedCredentials(OLD, NEW)
    secrets.find()
    assert secrets.find_newer() == Webhook(NEW)
    assert secrets.find() == Webhook(NEW)
    assert secrets.reads == 2


@pytest.mark.parametrize("answer", [OLD, None, "canary"])
def test_an_unchanged_missing_or_malformed_secret_is_not_newer(answer: str | None) -> None:
    secrets = ScriptedCredentials(OLD, answer)
    secrets.find()
    assert secrets.find_newer() is None


@pytest.mark.parametrize("code", FAILURES)
def test_f4_f5_the_error_of_a_failing_store_has_its_code_also_for_a_newer_secret(code: str) -> None:
    secrets = ScriptedCredentials(FAILURES[code]())
    with pytest.raises(CredentialsUnavailable, match=f"^destination ops: {code}$"):
        secrets.find()
    with pytest.raises(CredentialsUnavailable, match=f"^destination ops: {code}$"):
        secrets.find_newer()
