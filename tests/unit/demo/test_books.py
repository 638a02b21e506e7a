from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from demo.books import MISSES, Books, Places
from demo.ledger import Alert, Ledger
from tests.support.demo.slack_requests import post_of

IDS = [f"id-{number}" for number in range(6)]
SOME = st.frozensets(st.sampled_from(IDS))


def books_of(*sns_ids: str, is_self_test: bool = False) -> Books:
    books = Books()
    for one in sns_ids:
        books.publish(Alert(one, one, "ALARM", is_self_test=is_self_test))
    return books


def ends(ledger: Ledger) -> list[tuple[str, ...]]:
    return [one.ends for one in (*ledger.entries, *ledger.self_tests)]


@given(posted=SOME, dead_lettered=SOME, in_flight=SOME, parked=SOME)
def test_the_totals_add_up_wherever_alerts_are(
    posted: Collection[str], dead_lettered: frozenset[str], in_flight: frozenset[str], parked: frozenset[str]
) -> None:
    books = books_of(*IDS)
    books.record(post_of(*posted))
    for _ in range(MISSES):
        books.read(Places(parked, dead_lettered, in_flight))
    totals = books.ledger().totals()
    assert sum(totals.values()) == len(IDS)
    assert totals["lost"] == len(IDS) - len({*posted} | dead_lettered | in_flight | parked)


def test_an_alert_without_a_trace_is_lost_at_the_second_read_because_it_may_pass_between_two_queues() -> None:
    books = books_of("id-1")
    assert ends(books.ledger()) == [("in_flight",)]
    books.read(Places())
    assert ends(books.ledger()) == [("in_flight",)]
    books.read(Places())
    assert ends(books.ledger()) == [("lost",)]
    books.read(Places(in_flight=frozenset({"id-1"})))
    books.read(Places())
    assert ends(books.ledger()) == [("in_flight",)]


def test_a_post_is_never_forgotten() -> None:
    books = books_of("id-1")
    books.record(post_of("id-1"))
    for _ in range(MISSES):
        books.read(Places())
    assert ends(books.ledger()) == [("delivered",)]


def test_a_refused_request_is_no_delivery() -> None:
    books = books_of("id-1")
    books.record(post_of("id-1", status=503, answer="service_unavailable"))
    books.read(Places(in_flight=frozenset({"id-1"})))
    assert ends(books.ledger()) == [("in_flight",)]


def test_a_parked_alert_that_is_redriven_is_in_flight_and_then_delivered() -> None:
    books = books_of("id-1")
    one = frozenset({"id-1"})
    seen = []
    for places in (Places(parked=one), Places(parked=one, in_flight=one), Places(in_flight=one)):
        books.read(places)
        seen.append(books.ledger().entries[0].end)
    books.record(post_of("id-1"))
    books.read(Places())
    seen.append(books.ledger().entries[0].end)
    assert seen == ["parked", "in_flight", "in_flight", "delivered"]


def test_a_self_test_is_in_flight_and_then_passed() -> None:
    books = books_of("id-1", is_self_test=True)
    books.read(Places(in_flight=frozenset({"id-1"})))
    assert ends(books.ledger()) == [("in_flight",)]
    for _ in range(MISSES):
        books.read(Places())
    ledger = books.ledger()
    assert (ledger.entries, ends(ledger)) == ((), [("passed",)])


def test_a_second_message_of_the_same_alert_is_a_copy_and_no_alert() -> None:
    books = Books()
    assert books.publish(Alert("id-1", "disk", "ALARM", identity="change 1"))
    assert not books.publish(Alert("id-2", "disk", "ALARM", identity="change 1"))
    assert books.publish(Alert("id-3", "disk", "ALARM", identity="change 2"))
    books.record(post_of("id-2"))
    books.record(post_of("id-3"))
    ledger = books.ledger()
    assert (len(ledger.entries), ledger.copies, ledger.totals()["delivered"]) == (2, 1, 2)


def test_an_alert_that_is_posted_twice_does_not_hide_another_of_its_name() -> None:
    books = books_of("id-1", "id-2")
    for _ in range(MISSES):
        books.record(post_of("id-1"))
        books.read(Places())
    ledger = books.ledger()
    assert (ledger.count("delivered"), ledger.count("lost"), ledger.duplicates) == (1, 1, 1)


def test_a_digest_is_a_request_of_each_of_its_alerts() -> None:
    books = books_of("id-1", "id-2", "id-3")
    digest = post_of("id-1", "id-2")
    books.record(digest)
    assert [one.id for one in books.shown_in(digest)] == ["id-1", "id-2"]
    assert [len(books.requests(one)) for one in books.alerts()] == [1, 1, 0]
