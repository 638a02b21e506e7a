"""Rows F1 to F5 of the fault catalogue: the secret and its store."""

import json
import socket
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from slack_alerts import app
from tests.integration.faults.conftest import HOUR, Pipeline, Pipelines
from tests.support.handlers.slack_alerts import store
from tests.support.slack.destination_kinds import CANARY, CHANNEL, KINDS

HOOK = KINDS["webhook"].path
BAD_SECRETS = [
    (KINDS["webhook"], " \n"),
    *((KINDS["webhook"], f"http://{host}{HOOK}") for host in ("hooks.slack.com:PORT", "evil.example.com:PORT")),
    (KINDS["webhook"], f"http://127.0.0.1:PORT/services/../{CANARY}"),
    (KINDS["bot"], f'{{"token": "xoxb-1-{CANARY}", "channel": "C1"'),
    (KINDS["bot"], json.dumps({"token": f"xoxb-1-{CANARY}\r\nHost: x", "channel": CHANNEL})),
]
"""Examples; test_secret_text.py has all rules."""


def test_f1_a_missing_secret_is_waited_for(pipelines: Pipelines) -> None:
    pipeline = pipelines.open(stored=False)
    assert pipeline.send("a", "b") == ["m1", "m2"]
    assert (pipeline.hidden["r1"] >= 5, pipeline.hidden["r2"]) == (True, 0)
    assert pipeline.connections == 0
    pipeline.store_secret()
    app.wire.cache_clear()
    assert pipeline.send("a", "b") == []
    assert pipeline.posts == 2


def resolve_to(monkeypatch: pytest.MonkeyPatch, port: int) -> list[str]:
    """Resolve every name to that port of this machine; return the names that are resolved."""
    names: list[str] = []

    def here(host: str, *_: object, **__: object) -> object:
        names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", here)
    return names


@pytest.mark.parametrize(("kind", "secret"), BAD_SECRETS, ids=range(len(BAD_SECRETS)))
@pytest.mark.usefixtures("kind")
def test_f2_a_malformed_secret_is_never_shown_and_never_called(
    pipelines: Pipelines, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = pipelines.open(stored=False)
    store(secret.replace("PORT", str(pipeline.slack.port)))
    names = resolve_to(monkeypatch, pipeline.slack.port)
    for _ in range(5):
        assert pipeline.send() == ["m1"]
    assert (names, pipeline.connections) == ([], 0)
    assert pipeline.parked() == []
    pipeline.store_secret()  # the test notices a call
    app.wire.cache_clear()
    assert pipeline.send() == []
    assert (names, pipeline.posts) == (["127.0.0.1"], 1)


def test_f2_a_secret_with_blanks_around_it_is_trimmed(pipelines: Pipelines) -> None:
    pipeline = pipelines.open(stored=False)
    store(f"  {pipeline.kind.secret(pipeline.slack.url(''))}\n")
    assert pipeline.send() == []
    assert pipeline.posts == 1


def test_f3_a_changed_secret_is_found_without_a_human(pipeline: Pipeline) -> None:
    assert pipeline.send() == []
    pipeline.play("/404?body=no_service")  # the old secret is refused once
    pipeline.kind = pipeline.kind.renewed()
    pipeline.store_secret()
    if pipeline.kind.path not in {request.path for request in pipeline.slack.requests}:
        pipeline.play()
    assert pipeline.send("a", "b") == []
    assert pipeline.posts == 1 + 1 + 2
    assert [CANARY in str(vars(request)) for request in pipeline.slack.requests] == [True] * 4
    assert pipeline.parked() == []


def refusal(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": CANARY}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetParameter")


STORE_ERRORS = [
    refusal("ThrottlingException"),
    refusal("InternalServerError", 500),
    EndpointConnectionError(endpoint_url="https://ssm.example.com"),
]


@pytest.mark.parametrize("error", STORE_ERRORS, ids=["throttled", "broken", "unreachable"])
def test_f4_a_store_that_is_down_is_bridged_by_the_cached_secret(plain: Pipeline, error: Exception) -> None:
    assert plain.send() == []
    plain.stack.uptime, plain.stack.ssm.failing["get_parameter"] = HOUR, error
    assert plain.send("a", "b") == []
    assert plain.posts == 3
    assert plain.stack.ssm.calls["get_parameter"] == 1 + 4  # the policy's attempts, once for both alerts


@pytest.mark.parametrize("error", STORE_ERRORS, ids=["throttled", "broken", "unreachable"])
def test_f4_a_store_that_is_down_from_the_start_is_for_later(plain: Pipeline, error: Exception) -> None:
    plain.stack.ssm.failing["get_parameter"] = error
    assert plain.send("a", "b") == ["m1", "m2"]
    assert plain.stack.ssm.calls["get_parameter"] == 4
    assert plain.connections == 0
    assert plain.parked() == []


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidKeyId", "KMSInvalidStateException"])
def test_f5_a_denying_key_or_role_is_for_later_and_not_retried(plain: Pipeline, code: str) -> None:
    plain.stack.ssm.failing["get_parameter"] = refusal(code)
    assert plain.send("a", "b") == ["m1", "m2"]
    assert plain.stack.ssm.calls["get_parameter"] == 1
    assert plain.parked() == []
    plain.stack.ssm.failing.clear()
    assert plain.send() == []
    assert plain.posts == 1
