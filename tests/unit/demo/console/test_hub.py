import json
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

from demo.console.hub import Hub

QUIET = 0.001


def read(text: str) -> list[tuple[str, Any]]:
    """Return the server-sent events in a piece of the feed."""
    events = [one.split("\n") for one in text.split("\n\n") if one.startswith("event: ")]
    return [(kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for kind, data in events]


def first(feed: Iterator[str]) -> Any:  # noqa: ANN401 - JSON
    [(kind, kept)] = read(next(feed))
    assert kind == "all"
    return kept


def test_a_page_that_connects_gets_what_is_kept_and_then_each_event_in_order() -> None:
    hub = Hub()
    hub.add_messages([{"html": "old"}])
    hub.show({"depth": 1})
    feed = hub.feed(QUIET)
    assert first(feed) == {"messages": [{"html": "old"}], "lines": [], "state": {"depth": 1}}
    hub.add_messages([{"html": "new"}])
    hub.add_lines([{"text": "said"}])
    hub.move([{"from": "topic", "to": "alerts"}])
    assert read(next(feed)) == [
        ("messages", [{"html": "new"}]),
        ("lines", [{"text": "said"}]),
        ("moves", [{"from": "topic", "to": "alerts"}]),
    ]
    assert next(feed) == ": quiet\n\n"


def test_an_unchanged_state_and_empty_lists_are_not_sent() -> None:
    hub = Hub()
    hub.show({"depth": 1})
    feed = hub.feed(QUIET)
    first(feed)
    hub.show({"depth": 1})
    hub.add_messages([])
    hub.add_lines([])
    hub.move([])
    assert next(feed) == ": quiet\n\n"


def test_cleared_messages_are_gone_for_later_pages() -> None:
    hub = Hub()
    hub.add_messages([{"html": "old"}])
    feed = hub.feed(QUIET)
    first(feed)
    hub.clear()
    assert read(next(feed)) == [("clear", {})]
    assert first(hub.feed(QUIET))["messages"] == []


def test_a_page_that_is_far_behind_gets_everything_that_is_kept() -> None:
    hub = Hub(messages=3)
    feed = hub.feed(QUIET)
    first(feed)
    for number in range(5):
        hub.add_messages([{"html": str(number)}])
    [(kind, kept)] = read(next(feed))
    assert (kind, [one["html"] for one in kept["messages"]]) == ("all", ["2", "3", "4"])


def test_a_waiting_page_is_woken_by_an_event_and_by_the_end() -> None:
    hub, seen = Hub(), SimpleQueue[str]()

    def follow() -> None:
        for text in hub.feed():
            seen.put(text)

    thread = threading.Thread(target=follow)
    thread.start()
    assert "event: all" in seen.get(timeout=10)
    hub.add_lines([{"text": "said"}])
    assert read(seen.get(timeout=10)) == [("lines", [{"text": "said"}])]
    hub.close()
    thread.join(10)
    assert not thread.is_alive()
