"""Section B of the fault catalogue: what the network does."""

import socket
import threading
from collections.abc import Callable

import pytest

from tests.integration.faults.conftest import OVERRUN, Road, Roads, threads
from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.ports import full_port, refusing_port
from tests.support.fault_server.server import FaultServer
from tests.support.stack.template import stack


def resolving(*ports: int) -> Callable[..., object]:
    """A resolver that gives these ports of this machine as the addresses of any name."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port)) for port in ports]
    return lambda *_, **__: found


def test_b1_a_refused_connection_was_not_sent_and_is_tried_again(roads: Roads) -> None:
    with refusing_port() as port:
        road = roads.open(base=f"http://127.0.0.1:{port}")
        assert road.send() == ["m1"]
    assert len(road.stack.slept) == 3
    assert road.hidden["r1"] >= 5


def test_b2_a_name_that_is_not_found_was_not_sent(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def not_found(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    road = roads.open(base="https://hooks.slack.com")
    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    assert road.send() == ["m1"]
    assert asked == ["hooks.slack.com"] * 4
    assert road.hidden["r1"] >= 5


def test_b2_a_look_up_that_hangs_ends_in_two_seconds(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> object:
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    road = roads.open(base="https://hooks.slack.com")
    monkeypatch.setattr(socket, "getaddrinfo", hang)
    assert road.send("a", "b", seconds=7.0) == ["m1", "m2"]
    assert road.took <= 2.0 + OVERRUN
    over.set()
    left = [thread for thread in threading.enumerate() if thread.name == "look-up"]
    for thread in left:
        thread.join(5)
    assert [thread.is_alive() for thread in left] == [False]  # it goes with the look-up, which nothing can end


def test_b2_a_resolver_is_given_one_second_and_two_tries() -> None:
    function = stack()["SlackAlertsFunction"]
    assert function["Environment"]["Variables"]["RES_OPTIONS"] == "timeout:1 attempts:2"


def test_b3_a_connection_that_is_never_made_ends_in_two_seconds(roads: Roads) -> None:
    with full_port() as port:
        road = roads.open(base=f"http://127.0.0.1:{port}")
        assert road.send("a", "b", seconds=7.0) == ["m1", "m2"]
    assert road.took <= 2.0 + OVERRUN


def test_b3_a_name_of_six_addresses_that_never_answer_ends_in_two_seconds(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_port() as port:
        road = roads.open(base="http://localhost")
        monkeypatch.setattr(socket, "getaddrinfo", resolving(*[port] * 6))
        assert road.send(seconds=6.5) == ["m1"]
    assert road.took <= 1.5 + OVERRUN


def test_b3_an_address_that_never_answers_leaves_time_for_the_next(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_port() as dead:
        road = roads.open(base="http://localhost")
        monkeypatch.setattr(socket, "getaddrinfo", resolving(dead, dead, road.slack.port))
        assert road.send(seconds=6.5) == []
    assert road.took <= 1.5 + OVERRUN
    assert road.posts == 1


@pytest.mark.parametrize("on_connect", ["drip", "stall"])
def test_b3b_a_handshake_that_drips_or_stalls_ends_in_time(roads: Roads, on_connect: OnConnect) -> None:
    road = roads.open("good", on_connect=on_connect)
    assert road.send(seconds=7.0) == ["m1"]
    assert road.took <= 2.0 + OVERRUN
    assert (road.posts, road.connections) == (0, 1)


@pytest.mark.parametrize("certificate", ["expired", "wrong_name", "self_signed"])
def test_b4_a_certificate_that_is_not_to_be_trusted_is_never_posted_past(
    roads: Roads, certificate: Certificate
) -> None:
    road = roads.open(certificate)
    assert road.send("a", "b") == ["m1", "m2"]
    assert (road.posts, road.connections, road.stack.slept) == (0, 1, [])
    assert road.parked() == []


def test_b4_a_good_certificate_of_a_known_authority_is_trusted(road: Road) -> None:
    assert road.send() == []
    assert (road.posts, road.connections) == (1, 1)


@pytest.mark.parametrize("on_connect", ["reset", "close"])
def test_b5_a_reset_before_the_request_was_read_may_mean_anything_and_is_left_to_the_queue(
    roads: Roads, on_connect: OnConnect
) -> None:
    road = roads.open(on_connect=on_connect)
    assert road.send("a", "b") == ["m1", "m2"]
    assert road.posts == 0
    assert road.connections in range(1, 5)  # a reset that comes before the connection stands is as B1


@pytest.mark.parametrize("behaviour", ["/reset", "/close", "/silent"])
def test_b6_a_post_without_an_answer_is_not_repeated_in_the_function(road: Road, behaviour: str) -> None:
    road.play(then=behaviour)
    assert road.send("a", "b", seconds=6.5) == ["m1", "m2"]
    assert road.posts == 1
    road.play()
    assert road.send("a", "b") == []
    assert road.posts == 3


def test_b7_each_post_has_a_connection_of_its_own_and_leaves_no_thread(road: Road) -> None:
    before = threads()
    assert road.send("a", "b") == []
    assert len({request.connection for request in road.slack.requests}) == 2
    assert threads() == before


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY"])
def test_b8_a_proxy_in_the_environment_decides_nothing(road: Road, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as proxy:
        monkeypatch.setenv(name, proxy.url(""))
        assert road.send() == []
        assert proxy.connections == []
    assert road.posts == 1
