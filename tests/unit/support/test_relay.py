"""The relay between containers and the servers of this machine."""

import socket
import time
import urllib.request

from tests.support.local_aws.relay import relay
from tests.support.slack.loopback import LoopbackSlack

ELSEWHERE = "127.0.0.2"  # this machine too, but not where the servers listen


def test_what_comes_to_the_other_address_reaches_the_server_and_its_answer_comes_back() -> None:
    with LoopbackSlack() as slack:
        port = int(slack.host.rpartition(":")[2])
        with relay(ELSEWHERE, port), urllib.request.urlopen(f"http://{ELSEWHERE}:{port}/page") as answer:
            assert answer.read() == b"ok"
        assert [one.path for one in slack.requests] == ["/page"]


def test_a_connection_that_nobody_ends_ends_with_the_relay_which_may_then_start_again() -> None:
    with LoopbackSlack() as slack:
        port = int(slack.host.rpartition(":")[2])
        for _ in range(2):
            with socket.socket() as silent, relay(ELSEWHERE, port):
                silent.connect((ELSEWHERE, port))
                silent.settimeout(10)
                silent.sendall(b"GET ")


def test_a_server_that_keeps_its_side_open_does_not_hold_up_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.socket() as client, relay(ELSEWHERE, port):
            client.connect((ELSEWHERE, port))
            kept, _ = server.accept()
            ending = time.monotonic()
        with kept:
            assert time.monotonic() - ending < 5
