from hypothesis import given
from hypothesis import strategies as st

from demo.ledger import ENDS, Alert, balance

ALERTS = [Alert(f"id-{number}", "the same name", "ALARM") for number in range(6)]
IDS = st.sets(st.sampled_from([alert.id for alert in ALERTS]))
POSTS = st.lists(
    st.sampled_from([f"🔴 ALARM the same name: Threshold Crossed · id {alert.id}" for alert in ALERTS] + ["else"])
)


def posts_of(alert: Alert, posts: list[str]) -> int:
    return sum(alert.id in post for post in posts)


@given(posts=POSTS, dead_lettered=IDS, in_flight=IDS, parked=IDS)
def test_lost_is_exactly_what_was_seen_nowhere(
    posts: list[str], dead_lettered: set[str], in_flight: set[str], parked: set[str]
) -> None:
    ledger = balance(ALERTS, posts=posts, dead_lettered=dead_lettered, in_flight=in_flight, parked=parked)
    seen = {alert.id for alert in ALERTS if posts_of(alert, posts)} | dead_lettered | in_flight | parked
    assert ledger.count("lost") == len(ALERTS) - len(seen)
    assert ledger.summary()["published"] == len(ALERTS)


@given(posts=POSTS, dead_lettered=IDS, in_flight=IDS, parked=IDS)
def test_the_books_balance_exactly_when_no_alert_has_two_ends(
    posts: list[str], dead_lettered: set[str], in_flight: set[str], parked: set[str]
) -> None:
    ledger = balance(ALERTS, posts=posts, dead_lettered=dead_lettered, in_flight=in_flight, parked=parked)
    summary = ledger.summary()
    assert ledger.is_balanced == (summary["published"] == sum(summary[end] for end in ENDS))
    assert ledger.is_balanced == all(len(entry.ends) == 1 for entry in ledger.entries)


@given(posts=POSTS, dead_lettered=IDS, in_flight=IDS)
def test_it_is_safe_only_without_lost_and_without_in_flight(
    posts: list[str], dead_lettered: set[str], in_flight: set[str]
) -> None:
    ledger = balance(ALERTS, posts=posts, dead_lettered=dead_lettered, in_flight=in_flight)
    if ledger.is_safe:
        assert ledger.count("lost") == ledger.count("in_flight") == 0
        assert ledger.count("delivered") + ledger.count("dead_lettered") == len(ALERTS)


@given(posts=POSTS)
def test_every_post_beyond_the_first_of_its_alert_is_a_duplicate(posts: list[str]) -> None:
    ledger = balance(ALERTS, posts=posts, dead_lettered=(), in_flight=())
    assert ledger.duplicates + ledger.count("delivered") == sum(post != "else" for post in posts)


def test_an_alert_posted_twice_does_not_hide_another_of_its_name() -> None:
    both = [Alert("id-1", "queue-age", "ALARM"), Alert("id-2", "queue-age", "ALARM")]
    ledger = balance(both, posts=["queue-age · id id-1"] * 2, dead_lettered=(), in_flight=())
    assert (ledger.count("delivered"), ledger.count("lost"), ledger.duplicates) == (1, 1, 1)
    assert not ledger.is_safe


def test_each_alert_is_held_to_its_end_and_to_one_post_or_to_two_where_it_is_repeated() -> None:
    alerts = [Alert(f"id-{what}", what, "ALARM") for what in ("once", "twice", "parked", "by-hand")]
    posts = ["id-once", "id-twice", "id-twice", "id-by-hand"]
    ledger = balance(alerts, posts=posts, dead_lettered=(), in_flight=(), parked={"id-parked"})
    expected = {"ALARM once": "delivered", "ALARM twice": "delivered", "ALARM parked": "parked"}
    assert ledger.troubles(expected, repeated=["ALARM twice"]) == []
    assert ledger.troubles(expected) == ["ALARM twice: posted 2 times in place of 1"]
    assert ledger.troubles(expected, repeated=["ALARM once", "ALARM twice"]) == [
        "ALARM once: posted 1 times in place of 2"
    ]
    other = {"ALARM once": "parked", "ALARM never": "delivered"}
    assert ledger.troubles(other, repeated=["ALARM twice"]) == [
        "ALARM never: never published",
        "ALARM once: delivered",
    ]


def test_the_summary_names_what_the_last_line_of_a_run_promises() -> None:
    assert list(balance([], posts=[], dead_lettered=(), in_flight=()).summary()) == [
        "published",
        "delivered",
        "parked",
        "dead_lettered",
        "in_flight",
        "lost",
        "duplicates",
    ]
