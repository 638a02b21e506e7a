"""Rows F1 to F5 of the fault catalogue: where the secret comes from."""

import json
import socket
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from slack_alerts import app
from tests.integration.faults.conftest import Road, Roads
from tests.support.handlers.slack_alerts import store, with_credential_store
from tests.support.slack.destination_kinds import CANARY, CHANNEL, KINDS, Kind

HOOK = KINDS["webhook"].path
BAD_SECRETS = [
    *(
        (KINDS["webhook"], secret)
        for secret in (
            " \n",
            f"http://hooks.slack.com:PORT{HOOK}",
            f"http://evil.example.com:PORT{HOOK}",
            f"http://127.0.0.1:PORT{HOOK}\nHost: x",
            f"http://127.0.0.1:PORT/services/../{CANARY}",
            f"http://127.0.0.1:PORT/elsewhere/{CANARY}",
            f"http://user:{CANARY}@127.0.0.1:PORT/services/T/B/x",
            CANARY,
        )
    ),
    *(
        (KINDS["bot"], json.dumps(secret))
        for secret in (
            {"token": CANARY, "channel": CHANNEL},
            {"token": f"xoxb-1-{CANARY}"},
            {"token": f"xoxb-1-{CANARY}", "channel": "#alerts"},
            {"token": f"xoxb-1-{CANARY}", "channel": CHANNEL, "url": "http://127.0.0.1"},
            {"token": f"xoxb-1-{CANARY}\r\nHost: x", "channel": CHANNEL},
            {"token": [f"xoxb-1-{CANARY}"], "channel": CHANNEL},
        )
    ),
    (KINDS["bot"], f'{{"token": "xoxb-1-{CANARY}", "channel": "C1"'),
]


def test_f1_a_secret_that_is_not_there_yet_is_waited_for(roads: Roads) -> None:
    road = roads.open(stored=False)
    assert road.send("a", "b") == ["m1", "m2"]
    assert (road.hidden["r1"] >= 5, road.hidden["r2"]) == (True, 0)
    assert road.connections == 0
    store(road.kind.secret(road.slack.url("")))
    app.wire.cache_clear()
    assert road.send("a", "b") == []
    assert road.posts == 2


def find_all_here(monkeypatch: pytest.MonkeyPatch, port: int) -> list[str]:
    """From now on every name leads to that port of this machine -> the names that are looked up."""
    asked: list[str] = []

    def here(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", here)
    return asked


@pytest.mark.parametrize(("kind", "secret"), BAD_SECRETS, ids=range(len(BAD_SECRETS)))
def test_f2_a_malformed_secret_is_never_shown_and_never_called(
    roads: Roads, kind: Kind, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = roads.open(stored=False)
    store(secret.replace("PORT", str(road.slack.port)))
    asked = find_all_here(monkeypatch, road.slack.port)
    for _ in range(5):
        assert road.send() == ["m1"]
    assert (asked, road.connections) == ([], 0)
    assert road.parked() == []
    store(kind.secret(road.slack.url("")))  # what is right is called, so that the zeros above say something
    app.wire.cache_clear()
    assert road.send() == []
    assert (asked, road.posts) == (["127.0.0.1"], 1)


def test_f2_a_secret_with_blanks_around_it_is_trimmed(roads: Roads) -> None:
    road = roads.open(stored=False)
    store(f"  {road.kind.secret(road.slack.url(''))}\n")
    assert road.send() == []
    assert road.posts == 1


def test_f3_a_secret_that_was_changed_heals_by_itself(road: Road) -> None:
    assert road.send() == []
    road.renew()
    assert road.send("a", "b") == []
    assert road.posts == 1 + 1 + 2
    assert [CANARY in str(vars(request)) for request in road.slack.requests] == [True] * 4
    assert road.parked() == []


class Failing:
    """An SSM that answers every call with this error, and counts them."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    def get_parameter(self, **_: object) -> Mapping[str, Any]:
        self.calls += 1
        raise self.error


def break_ssm(monkeypatch: pytest.MonkeyPatch, error: Exception, *, later: float = 0.0) -> Failing:
    """From now on SSM fails; what is kept of the secret counts as so much older. Pauses are not slept."""
    steps = app.wire()
    credential_store: Any = steps.delivery.destinations.credential_store
    client = Failing(error)
    failing = with_credential_store(
        steps,
        store=type(credential_store.store)(client),
        policy=credential_store.policy.with_(sleep=lambda _: None),
        clock=lambda: credential_store.clock() + later,
    )
    monkeypatch.setattr(app, "wire", lambda: failing)
    return client


def refusal(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": CANARY}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetParameter")


STORE_ERRORS = [
    refusal("ThrottlingException"),
    refusal("InternalServerError", 500),
    EndpointConnectionError(endpoint_url="https://ssm.example.com"),
]


@pytest.mark.parametrize("error", STORE_ERRORS, ids=["throttled", "broken", "unreachable"])
def test_f4_a_store_that_is_down_costs_nothing_while_a_secret_is_kept(
    plain_road: Road, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plain_road.send() == []
    with monkeypatch.context() as patched:
        failing = break_ssm(patched, error, later=3600)
        assert plain_road.send("a", "b") == []
    assert plain_road.posts == 3
    assert failing.calls == 4  # by the policy, once; the second alert does not ask again


@pytest.mark.parametrize("error", STORE_ERRORS, ids=["throttled", "broken", "unreachable"])
def test_f4_a_store_that_is_down_from_the_start_is_for_later(
    plain_road: Road, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        failing = break_ssm(patched, error)
        assert plain_road.send("a", "b") == ["m1", "m2"]
    assert failing.calls == 4
    assert plain_road.connections == 0
    assert plain_road.parked() == []


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidKeyId", "KMSInvalidStateException"])
def test_f5_a_key_or_a_role_that_denies_is_for_later_and_not_repeated(
    plain_road: Road, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        failing = break_ssm(patched, refusal(code))
        assert plain_road.send("a", "b") == ["m1", "m2"]
    assert failing.calls == 1
    assert plain_road.parked() == []
    assert plain_road.send() == []  # allowed again, it heals by itself
    assert plain_road.posts == 1
