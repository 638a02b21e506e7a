import logging

import pytest

from slack_alerts.credentials.store import CACHED_AFTER_ERROR, CACHED_FOR, MISSING_FOR, USABLE_FOR
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable, Webhook
from tests.support.steps.credential_store import FAILURES, NEW, OLD, Ring


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str, object]]:
    return [(one.levelno, one.getMessage(), vars(one).get("problem")) for one in caplog.records]


def test_credentials_are_kept_for_five_minutes_for_each_destination() -> None:
    ring = Ring(OLD)
    assert ring.find() == ring.find() == ring.find("other")
    assert ring.readings == 2
    ring.clock.now += CACHED_FOR - 0.1
    ring.find()
    assert ring.readings == 2
    ring.store.answers = [NEW]
    ring.clock.now += 0.1
    assert ring.find() == Webhook(NEW)


@pytest.mark.parametrize("code", FAILURES)
def test_f4_f5_what_is_kept_serves_for_a_day_while_the_store_does_not_answer(code: str) -> None:
    ring = Ring(OLD, FAILURES[code]())
    ring.find()
    ring.clock.now += USABLE_FOR - 0.1
    assert ring.find() == Webhook(OLD)
    ring.clock.now += CACHED_AFTER_ERROR
    with pytest.raises(CredentialsUnavailable):
        ring.find()


def test_f4_a_store_that_does_not_answer_is_not_asked_for_each_alert_and_heals() -> None:
    ring = Ring(OLD, FAILURES["AccessDeniedException"]())
    ring.find()
    ring.clock.now += CACHED_FOR
    for _ in range(10):
        ring.find()
    assert ring.readings == 2
    ring.store.answers = [NEW]
    ring.clock.now += CACHED_AFTER_ERROR
    assert ring.find() == Webhook(NEW)


def test_a_slip_in_a_rotation_leaves_the_old_secret_in_use_for_a_day() -> None:
    ring = Ring(OLD, "canary")
    ring.find()
    ring.clock.now += CACHED_FOR
    assert ring.find() == Webhook(OLD)
    ring.clock.now += USABLE_FOR
    with pytest.raises(CredentialsMissing, match="the webhook must be"):
        ring.find()


def test_f1_a_missing_secret_is_looked_for_again_after_five_seconds_and_not_before() -> None:
    ring = Ring(None, OLD)
    for _ in range(10):
        with pytest.raises(CredentialsMissing, match=r"^destination ops: there (is|was) no secret"):
            ring.find()
    ring.clock.now += MISSING_FOR - 0.1
    with pytest.raises(CredentialsMissing, match=r"^destination ops: there was no secret a moment ago$"):
        ring.find()
    assert ring.readings == 1
    ring.clock.now += 0.1
    assert ring.find() == Webhook(OLD)


def test_f1_one_missing_secret_says_nothing_of_another_destination() -> None:
    ring = Ring(None, OLD)
    with pytest.raises(CredentialsMissing):
        ring.find("team")
    assert ring.find("ops") == Webhook(OLD)


def test_a_removed_secret_is_used_no_more() -> None:
    ring = Ring(OLD, None, FAILURES["ThrottlingException"]())
    ring.find()
    ring.clock.now += CACHED_FOR
    with pytest.raises(CredentialsMissing, match="there is no secret"):
        ring.find()
    ring.clock.now += MISSING_FOR
    with pytest.raises(CredentialsUnavailable):
        ring.find()


def test_an_old_secret_in_use_is_one_warning_for_each_reading(caplog: pytest.LogCaptureFixture) -> None:
    ring = Ring(OLD, FAILURES["AccessDeniedException"]())
    ring.find()
    assert lines(caplog) == []
    ring.clock.now += CACHED_FOR
    ring.find()
    ring.find()
    assert lines(caplog) == [(logging.WARNING, "old secret used", "destination ops: AccessDeniedException")]


def test_f3_a_rotated_secret_is_found_at_once_where_the_old_one_is_refused() -> None:
    ring = Ring(OLD, NEW)
    ring.find()
    assert ring.find_newer() == Webhook(NEW)
    assert ring.find() == Webhook(NEW)
    assert ring.readings == 2


def test_what_was_not_rotated_is_nothing_new() -> None:
    ring = Ring(OLD)
    ring.find()
    assert ring.find_newer() is None


@pytest.mark.parametrize("answer", [None, "canary"])
def test_a_forced_reading_that_finds_nothing_to_use_is_nothing_new(answer: str | None) -> None:
    ring = Ring(OLD, answer)
    ring.find()
    assert ring.find_newer() is None


@pytest.mark.parametrize("code", FAILURES)
def test_a_forced_reading_that_fails_says_so_because_slack_may_have_refused_an_old_secret(code: str) -> None:
    ring = Ring(OLD, FAILURES[code]())
    ring.find()
    with pytest.raises(CredentialsUnavailable, match=f"^destination ops: {code}$"):
        ring.find_newer()
