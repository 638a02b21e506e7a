"""Rows F1 to F5 of the fault catalogue: where the secret comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from slack_alerts import app
from tests.integration.faults.conftest import CANARY, HOOK, Road
from tests.support.fault_server import FaultServer
from tests.support.handler import deployed, store

BAD_SECRETS = [
    "",
    " \n",
    f"http://hooks.slack.com{HOOK}",
    f"https://evil.example.com{HOOK}",
    f"https://hooks.slack.com{HOOK}\nHost: x",
    f"https://user:{CANARY}@hooks.slack.com/services/T/B/x",
    f'{{"token": "{CANARY}", "channel": "C1"}}',
    f'{{"token": "xoxb-{CANARY}"}}',
    CANARY,
]


@pytest.fixture
def bare_road(monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    """No secret has been stored yet."""
    with FaultServer() as slack, deployed(monkeypatch, None) as stack:
        yield Road(slack, stack)


def test_f1_a_secret_that_is_not_there_yet_is_waited_for(bare_road: Road) -> None:
    assert bare_road.send("a", "b") == ["m1", "m2"]
    assert bare_road.hidden["r1"] >= 30
    store(bare_road.slack.url(HOOK))
    bare_road.play()
    app.wire.cache_clear()
    assert bare_road.send("a", "b", receives=2) == []
    assert bare_road.posts == 2


@pytest.mark.parametrize("secret", BAD_SECRETS)
def test_f2_a_malformed_secret_is_never_shown_and_never_called(bare_road: Road, secret: str) -> None:
    if secret.strip():
        store(secret)
    assert bare_road.send(receives=20) == ["m1"]
    assert bare_road.slack.connections == []
    assert bare_road.parked() == []


def test_f2_a_secret_with_blanks_around_it_is_trimmed(bare_road: Road) -> None:
    store(f"  {bare_road.slack.url(HOOK)}\n")
    bare_road.play()
    assert bare_road.send() == []
    assert bare_road.posts == 1


def test_f3_a_secret_that_was_changed_heals_by_itself(road: Road) -> None:
    assert road.send() == []
    road.play(then="/404?body=no_service")
    store(road.slack.url(f"/services/T000/B000/new{CANARY}"))
    road.slack.script(f"/services/T000/B000/new{CANARY}")
    assert road.send("a", "b") == []
    assert road.posts == 1 + 1 + 2
    assert road.parked() == []


class Failing:
    """An SSM that answers every call with this error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_parameter(self, **_: object) -> Mapping[str, Any]:
        raise self.error


def break_ssm(monkeypatch: pytest.MonkeyPatch, error: Exception, *, later: float = 0.0) -> None:
    """From now on SSM fails; what is kept of the secret counts as so much older."""
    steps = app.wire()
    keyring = steps.delivery.keyring
    failing = replace(
        keyring,  # type: ignore[type-var] # the real one
        store=type(keyring.store)(Failing(error)),  # type: ignore[attr-defined]
        clock=lambda: keyring.clock() + later,  # type: ignore[attr-defined]
    )
    delivery = replace(steps.delivery, keyring=failing)
    monkeypatch.setattr(app, "wire", lambda: replace(steps, delivery=delivery))


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": CANARY}}, "GetParameter")


STORE_ERRORS = [
    refusal("ThrottlingException"),
    refusal("InternalServerError"),
    EndpointConnectionError(endpoint_url="https://ssm.example.com"),
]


@pytest.mark.parametrize("error", STORE_ERRORS, ids=str)
def test_f4_a_store_that_is_down_costs_nothing_while_a_secret_is_kept(
    plain_road: Road, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plain_road.send() == []
    with monkeypatch.context() as patched:
        break_ssm(patched, error, later=3600)
        assert plain_road.send() == []
    assert plain_road.posts == 2


@pytest.mark.parametrize("error", STORE_ERRORS, ids=str)
def test_f4_a_store_that_is_down_from_the_start_is_for_later(
    plain_road: Road, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        break_ssm(patched, error)
        assert plain_road.send("a", "b", receives=9) == ["m1", "m2"]
    assert plain_road.posts == 0
    assert plain_road.parked() == []


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidKeyId", "KMSInvalidStateException"])
def test_f5_a_key_or_a_role_that_denies_is_for_later_and_not_repeated(
    plain_road: Road, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        break_ssm(patched, refusal(code))
        assert plain_road.send() == ["m1"]
    assert plain_road.posts == 0
    assert plain_road.parked() == []
