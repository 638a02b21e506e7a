"""Section B of the fault catalogue: faults of the network."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.integration.faults.conftest import OVERRUN, Pipeline, Pipelines, threads
from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.ports import full_port, refusing_port
from tests.support.fault_server.server import FaultServer
from tests.support.stack.template import resolve


@contextmanager
def resolver(pipelines: Pipelines, resolve: Callable[..., object]) -> Iterator[list[str]]:
    """Replace the resolver; yield the resolved names."""
    names: list[str] = []

    def recorded(host: str, *_: object, **__: object) -> object:
        names.append(host)
        return resolve()

    pipelines.monkeypatch.setattr(socket, "getaddrinfo", recorded)
    yield names


def addresses(*ports: int) -> Sequence[object]:
    """Return these ports of this machine as a resolver does."""
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port)) for port in ports]


def test_b1_a_refused_connection_was_not_sent_and_is_tried_again(pipelines: Pipelines) -> None:
    with refusing_port() as port:
        pipeline = pipelines.open(base=f"http://127.0.0.1:{port}")
        assert pipeline.send() == ["m1"]
    assert len(pipeline.stack.slept) == 3
    assert pipeline.hidden["r1"] >= 5


def test_b2_a_name_that_is_not_found_was_not_sent(pipelines: Pipelines) -> None:
    def not_found() -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    pipeline = pipelines.open(base="https://hooks.slack.com")
    with resolver(pipelines, not_found) as names:
        assert pipeline.send() == ["m1"]
    assert names == ["hooks.slack.com"] * 4
    assert pipeline.hidden["r1"] >= 5


def test_b2_name_resolution_that_hangs_ends_in_two_seconds(pipelines: Pipelines) -> None:
    over = threading.Event()

    def hang() -> object:
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    pipeline = pipelines.open(base="https://hooks.slack.com")
    with resolver(pipelines, hang):
        assert pipeline.send("a", "b", seconds=7.0) == ["m1", "m2"]
    assert pipeline.took <= 2.0 + OVERRUN
    over.set()
    left = [thread for thread in threading.enumerate() if thread.name == "look-up"]
    for thread in left:
        thread.join(5)
    assert [thread.is_alive() for thread in left] == [False]  # nothing can cancel the resolver


def test_b2_a_resolver_is_given_one_second_and_two_tries() -> None:
    function = resolve()["SlackAlertsFunction"]
    assert function["Environment"]["Variables"]["RES_OPTIONS"] == "timeout:1 attempts:2"


@pytest.mark.parametrize("number", [1, 6])
def test_b3_a_connection_that_is_never_made_ends_in_two_seconds_for_all_addresses(
    pipelines: Pipelines, number: int
) -> None:
    with full_port() as port:
        pipeline = pipelines.open(base="http://localhost")
        with resolver(pipelines, lambda: addresses(*[port] * number)):
            assert pipeline.send("a", "b", seconds=7.0) == ["m1", "m2"]
    assert pipeline.took <= 2.0 + OVERRUN


def test_b3_an_address_that_never_answers_leaves_time_for_the_next(pipelines: Pipelines) -> None:
    with full_port() as dead:
        pipeline = pipelines.open(base="http://localhost")
        with resolver(pipelines, lambda: addresses(dead, dead, pipeline.slack.port)):
            assert pipeline.send(seconds=6.5) == []
    assert pipeline.took <= 1.5 + OVERRUN
    assert pipeline.posts == 1


@pytest.mark.parametrize("on_connect", ["drip", "stall"])
def test_b3b_a_slow_or_stalled_handshake_ends_in_time(pipelines: Pipelines, on_connect: OnConnect) -> None:
    pipeline = pipelines.open("good", on_connect=on_connect)
    assert pipeline.send(seconds=7.0) == ["m1"]
    assert pipeline.took <= 2.0 + OVERRUN
    assert (pipeline.posts, pipeline.connections) == (0, 1)


@pytest.mark.parametrize("on_connect", ["reset", "close_in_handshake", "no_tls"])
def test_b3b_a_handshake_that_breaks_off_was_not_sent_and_is_tried_again(
    pipelines: Pipelines, on_connect: OnConnect
) -> None:
    pipeline = pipelines.open("good", on_connect=on_connect)
    assert pipeline.send() == ["m1"]
    assert pipeline.connections == 4
    for _ in range(5):  # after five posts without an answer, the alert would be parked
        assert pipeline.send() == ["m1"]
    assert (pipeline.posts, pipeline.parked()) == (0, [])


@pytest.mark.parametrize("certificate", ["expired", "wrong_name", "self_signed"])
def test_b4_nothing_is_posted_to_an_untrusted_certificate(pipelines: Pipelines, certificate: Certificate) -> None:
    pipeline = pipelines.open(certificate)
    assert pipeline.send("a", "b") == ["m1", "m2"]
    assert (pipeline.posts, pipeline.connections, pipeline.stack.slept) == (0, 1, [])
    assert pipeline.parked() == []


def test_b4_a_good_certificate_of_a_known_authority_is_trusted(pipeline: Pipeline) -> None:
    assert pipeline.send() == []
    assert (pipeline.posts, pipeline.connections) == (1, 1)


@pytest.mark.parametrize("on_connect", ["reset", "close"])
def test_b5_a_reset_before_the_request_was_read_may_mean_anything_and_is_left_to_the_queue(
    pipelines: Pipelines, on_connect: OnConnect
) -> None:
    pipeline = pipelines.open(on_connect=on_connect)
    assert pipeline.send("a", "b") == ["m1", "m2"]
    assert pipeline.posts == 0
    assert pipeline.connections in range(1, 5)  # an early reset is like a refused connection


@pytest.mark.parametrize("behaviour", ["/reset", "/close", "/silent"])
def test_b6_a_post_without_an_answer_is_not_repeated_in_the_function(pipeline: Pipeline, behaviour: str) -> None:
    pipeline.play(then=behaviour)
    assert pipeline.send("a", "b", seconds=6.5) == ["m1", "m2"]
    assert pipeline.posts == 1
    pipeline.play()
    assert pipeline.send("a", "b") == []
    assert pipeline.posts == 3


def test_b7_each_post_has_its_own_connection_and_leaves_no_thread(pipeline: Pipeline) -> None:
    before = threads()
    assert pipeline.send("a", "b") == []
    assert (pipeline.posts, pipeline.connections) == (2, 2)
    assert threads() == before


def test_b8_proxies_in_the_environment_are_ignored(pipelines: Pipelines) -> None:
    with FaultServer() as proxy:
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY"):
            pipelines.monkeypatch.setenv(name, proxy.url(""))
        pipeline = pipelines.open("good")
        assert pipeline.send() == []
        assert proxy.connections == []
    assert pipeline.posts == 1
