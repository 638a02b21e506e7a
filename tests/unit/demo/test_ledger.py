import pytest

from demo.ledger import ENDS, Alert, Entry, Ledger


def entry(name: str = "disk", posts: int = 0, **places: bool) -> Entry:
    return Entry(Alert(f"id-{name}", name, "ALARM"), posts, **places)


def test_each_alert_is_counted_at_each_place_and_as_lost_if_it_is_nowhere() -> None:
    ledger = Ledger((entry(posts=1), entry(posts=2, is_parked=True), entry(is_dead_lettered=True), entry()))
    counted = {"delivered": 2, "parked": 1, "dead_lettered": 1, "in_flight": 0, "lost": 1}
    assert ledger.summary() == {"published": 4} | counted | {"duplicates": 1, "self_tests": 0}
    assert not ledger.is_balanced


@pytest.mark.parametrize(
    ("one", "end"),
    [
        (entry(posts=1), "delivered"),
        (entry(posts=1, is_in_flight=True, is_parked=True), "delivered"),
        (entry(is_parked=True, is_in_flight=True), "in_flight"),
        (entry(is_dead_lettered=True), "dead_lettered"),
        (entry(is_parked=True), "parked"),
        (entry(), "lost"),
    ],
)
def test_an_alert_at_several_places_has_one_end(one: Entry, end: str) -> None:
    totals = Ledger((one, one)).totals()
    assert totals == {name: 2 if name == end else 0 for name in ENDS}


def test_a_self_test_that_is_nowhere_has_passed() -> None:
    heartbeat = Alert("id-1", "heartbeat", "", is_self_test=True)
    assert Entry(heartbeat).ends == ("passed",)
    assert Entry(heartbeat, is_dead_lettered=True).ends == ("dead_lettered",)
    ledger = Ledger((), (Entry(heartbeat),))
    assert (ledger.summary()["published"], ledger.summary()["self_tests"]) == (0, 1)
    assert ledger.is_safe


def test_an_alert_in_flight_or_lost_is_not_safe() -> None:
    assert Ledger((entry(posts=1), entry(is_parked=True))).is_safe
    assert not Ledger((entry(is_in_flight=True),)).is_safe
    assert not Ledger((entry(),)).is_safe


def test_each_alert_must_have_its_expected_end_and_one_post_or_two_if_repeated() -> None:
    ledger = Ledger((entry("once", 1), entry("twice", 2), entry("parked", is_parked=True), entry("by-hand", 1)))
    expected = {"ALARM once": "delivered", "ALARM twice": "delivered", "ALARM parked": "parked"}
    assert ledger.deviations(expected, repeated=["ALARM twice"]) == []
    assert ledger.deviations(expected) == ["ALARM twice: posted 2 times instead of 1"]
    repeated = ["ALARM once", "ALARM twice"]
    assert ledger.deviations(expected, repeated=repeated) == ["ALARM once: posted 1 times instead of 2"]
    other = {"ALARM once": "parked", "ALARM never": "delivered"}
    assert ledger.deviations(other, repeated=["ALARM twice"]) == [
        "ALARM never: never published",
        "ALARM once: delivered",
    ]
