"""The watchdog shuts a connection down when its time is up, and leaves no thread behind."""

import socket
import threading

import pytest

from slack_alerts.slack.watchdog import Watchdog


@pytest.mark.parametrize("is_late", [False, True], ids=["connected in time", "connected too late"])
def test_a_silent_connection_is_shut_down_when_the_time_is_up(*, is_late: bool) -> None:
    before = threading.active_count()
    ours, theirs = socket.socketpair()
    with ours, theirs, Watchdog(0.05) as watchdog:
        if is_late:
            [timer] = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
            timer.join()
        is_connected_before = watchdog.connected
        watchdog.watch(ours)
        assert (is_connected_before, watchdog.connected) == (False, True)
        ours.settimeout(5)
        assert ours.recv(1) == b""
    assert threading.active_count() == before


def test_in_time_nothing_is_shut_down() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Watchdog(60) as watchdog:
            watchdog.watch(ours)
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
