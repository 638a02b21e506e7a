"""Section B of the fault catalogue: what the network does."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from slack_alerts import app
from tests.integration.faults.conftest import ALARM, CANARY, HOOK, Road, open_road
from tests.support.certificates import Certificate
from tests.support.events import sqs_event
from tests.support.fault_connection import Door
from tests.support.fault_ports import full_port, refusing_port
from tests.support.fault_server import FaultServer
from tests.support.handler import deployed
from tests.support.template import stack


def hidden_after(
    monkeypatch: pytest.MonkeyPatch, webhook: str, *, seconds: float = 60.0, taken: list[float] | None = None
) -> tuple[int, int]:
    """One alert to that webhook -> (seconds it is hidden for, pauses made in the function)."""
    with deployed(monkeypatch, webhook) as stack:
        app.wire()  # a cold start is not part of the delivery
        began = time.monotonic()
        response = stack.handle(sqs_event(ALARM), seconds=seconds)
        (taken if taken is not None else []).append(time.monotonic() - began)
        assert [item["itemIdentifier"] for item in response["batchItemFailures"]] == ["m1"]
        return stack.hidden.seconds["r1"], len(stack.slept)


def test_b1_a_refused_connection_was_not_sent_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing_port() as port:
        hidden, pauses = hidden_after(monkeypatch, f"http://127.0.0.1:{port}{HOOK}")
    assert (pauses, hidden >= 30) == (3, True)


def test_b2_a_name_that_is_not_found_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    hidden, pauses = hidden_after(monkeypatch, f"https://hooks.slack.com{HOOK}")
    assert (pauses, hidden >= 30) == (3, True)


def test_b2_a_look_up_that_hangs_ends_in_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> object:
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    taken: list[float] = []
    hidden, _ = hidden_after(monkeypatch, f"https://hooks.slack.com{HOOK}", seconds=7.0, taken=taken)
    assert hidden >= 30
    assert taken[0] <= 2.0 + 0.5
    over.set()
    left = [thread for thread in threading.enumerate() if thread.name == "look-up"]
    for thread in left:
        thread.join(5)
    assert [thread.is_alive() for thread in left] == [False]  # it goes with the look-up, which nothing can end


def test_b2_a_resolver_is_given_one_second_and_two_tries() -> None:
    function = stack()["SlackAlertsFunction"]
    assert function["Environment"]["Variables"]["RES_OPTIONS"] == "timeout:1 attempts:2"


def test_b3_a_connection_that_is_never_made_ends_in_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    with full_port() as port:
        taken: list[float] = []
        hidden_after(monkeypatch, f"http://127.0.0.1:{port}{HOOK}", seconds=7.0, taken=taken)
    assert taken[0] <= 2.0 + 0.5


def resolving(*ports: int) -> Callable[..., object]:
    """A resolver that gives these ports of this machine as the addresses of any name."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port)) for port in ports]
    return lambda *_, **__: found


def test_b3_a_name_of_six_addresses_that_never_answer_ends_in_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    with full_port() as port:
        monkeypatch.setattr(socket, "getaddrinfo", resolving(*[port] * 6))
        taken: list[float] = []
        hidden_after(monkeypatch, f"http://localhost{HOOK}", seconds=6.5, taken=taken)
    assert taken[0] <= 1.5 + 0.5


def test_b3_an_address_that_never_answers_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with full_port() as dead, FaultServer() as slack, deployed(monkeypatch, f"http://localhost{HOOK}") as stack:
        slack.script(HOOK)
        monkeypatch.setattr(socket, "getaddrinfo", resolving(dead, dead, slack.port))
        app.wire()
        began = time.monotonic()
        assert stack.handle(sqs_event(ALARM)) == {"batchItemFailures": []}
        assert time.monotonic() - began <= 1.5 + 0.5
        assert len(slack.requests) == 1


@pytest.mark.parametrize("door", ["drip", "stall"])
def test_b3b_a_handshake_that_drips_or_stalls_ends_in_time(monkeypatch: pytest.MonkeyPatch, door: Door) -> None:
    with open_road(monkeypatch, "good", door=door) as road:
        assert road.send(seconds=7.0) == ["m1"]
        assert road.took <= 2.0 + 0.5
        assert road.posts == 0


@pytest.mark.parametrize("certificate", ["expired", "wrong_name", "self_signed"])
def test_b4_a_certificate_that_is_not_to_be_trusted_is_never_posted_past(
    monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    with open_road(monkeypatch, certificate) as road:
        assert road.send("a", "b") == ["m1", "m2"]
        assert (road.posts, len(road.slack.connections), road.stack.slept) == (0, 1, [])
        assert road.parked() == []


def test_b4_a_good_certificate_of_a_known_authority_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_road(monkeypatch, "good") as road:
        assert road.send() == []


@pytest.mark.parametrize("door", ["reset", "close"])
def test_b5_a_reset_before_the_request_was_read_may_mean_anything_and_is_left_to_the_queue(
    monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    with open_road(monkeypatch, None, door=door) as road:
        assert road.send("a", "b") == ["m1", "m2"]
        assert road.posts == 0


@pytest.mark.parametrize("behaviour", ["/reset", "/close", "/silent"])
def test_b6_a_post_without_an_answer_is_not_repeated_in_the_function(road: Road, behaviour: str) -> None:
    road.play(then=behaviour)
    assert road.send("a", "b", seconds=6.5) == ["m1", "m2"]
    assert road.posts == 1
    road.play()
    assert road.send("a", "b", receives=2) == []
    assert road.posts == 3


def test_b7_each_post_has_a_connection_of_its_own(road: Road) -> None:
    assert road.send("a", "b", "c") == []
    assert len({request.connection for request in road.slack.requests}) == 3


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY"])
def test_b8_a_proxy_in_the_environment_decides_nothing(road: Road, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as proxy:
        monkeypatch.setenv(name, proxy.url(""))
        assert road.send() == []
        assert proxy.connections == []
    assert road.posts == 1


def test_no_thread_is_left_behind(road: Road) -> None:
    before = threading.active_count()
    for behaviour in ("/ok", "/silent", "/drip/body", "/reset"):
        road.play(then=behaviour)
        road.send(seconds=6.5, receives=1)
    assert [thread.name for thread in threading.enumerate() if "Timer" in type(thread).__name__] == []
    assert threading.active_count() <= before + 4  # the fault server's own, one a connection
    assert CANARY not in str(road.answers)
