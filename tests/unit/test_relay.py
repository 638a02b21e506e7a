"""The relay between containers and the servers of this machine."""

import socket
import urllib.request

from tests.support.loopback_slack import LoopbackSlack
from tests.support.relay import relay

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
