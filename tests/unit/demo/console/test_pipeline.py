from demo.books import Books
from demo.console.pipeline import MOVES, Moves, lanes, totals
from demo.ledger import Alert, Entry, Ledger
from demo.ministack import QueuedMessage
from demo.queues import Queues
from tests.support.demo.slack_requests import post_of
from tests.support.samples.events import sns_body


def message(sns_id: str, lane: str = "") -> QueuedMessage:
    return QueuedMessage(f"sqs-{sns_id}", sns_body("text", message_id=sns_id), receives=1, is_visible=True, lane=lane)


def books_of(*sns_ids: str) -> Books:
    books = Books()
    for number, one in enumerate(sns_ids):
        books.publish(Alert(one, one, "ALARM", published_at=100.0 + number))
    return books


def test_the_counters_add_up_with_redriven_lost_and_copied_alerts() -> None:
    alert = Alert("sns-1", "disk", "ALARM")
    heartbeat = Alert("sns-2", "heartbeat", "", is_self_test=True)
    no_alert = Alert("sns-3", "S3", "", is_skipped=True)
    entries = (
        Entry(alert, posts=2),
        Entry(alert, is_in_flight=True),
        Entry(alert, is_parked=True, is_in_flight=True),
        Entry(alert, is_parked=True),
        Entry(alert, is_dead_lettered=True),
        Entry(alert),
    )
    self_tests = (Entry(heartbeat), Entry(heartbeat, is_in_flight=True))
    found = totals(Ledger(entries, self_tests, (Entry(no_alert), Entry(no_alert, is_in_flight=True)), copies=3))
    assert found["published"] == sum(found[name] for name in ("delivered", "in_line", "parked", "dead", "lost"))
    assert found == {
        "published": 6,
        "delivered": 1,
        "in_line": 2,
        "parked": 1,
        "dead": 1,
        "lost": 1,
        "self_tests": 1,
        "skipped": 1,
        "copies": 3,
        "posted_twice": 1,
    }


def test_each_lane_has_its_waiting_alerts_the_age_of_the_oldest_and_its_posts() -> None:
    books = books_of("a", "b", "c")
    books.record(post_of("c", webhook="team"))
    queues = Queues(lanes=[message("a", "ops"), message("b", "ops"), message("unknown", "new")])
    assert lanes(("ops", "team"), queues, books, now=112.4) == [
        {"name": "ops", "waiting": 2, "oldest": 12, "posts": 0},
        {"name": "team", "waiting": 0, "oldest": 0, "posts": 1},
        {"name": "new", "waiting": 1, "oldest": 0, "posts": 0},
    ]


def test_an_alert_moves_from_place_to_place_once() -> None:
    books, moves, seen = books_of("a"), Moves(), []
    looks = [
        Queues(),
        Queues(alerts=[message("a")]),
        Queues(alerts=[message("a")], lanes=[message("a", "ops")]),
        Queues(lanes=[message("a", "ops")]),
        Queues(),
        Queues(lanes_dead=[message("a", "ops")]),
        Queues(lanes=[message("a", "ops")], lanes_dead=[message("a", "ops")]),
    ]
    for queues in looks:
        seen += moves.look(books, queues)
    books.record(post_of("a"))
    seen += moves.look(books, Queues(lanes=[message("a", "ops")]))
    assert [f"{one['from']} {one['to']}" for one in seen] == [
        "topic alerts",
        "alerts lanes",
        "lanes lanes_dead",
        "lanes_dead lanes",
        "lanes slack",
    ]


def test_of_a_storm_only_some_moves_are_shown() -> None:
    ids = [f"sns-{number}" for number in range(MOVES + 20)]
    assert len(Moves().look(books_of(*ids), Queues(alerts=[message(one) for one in ids]))) == MOVES
