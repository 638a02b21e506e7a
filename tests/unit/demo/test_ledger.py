from hypothesis import given
from hypothesis import strategies as st

from demo.ledger import ENDS, Alert, balance

ALERTS = [Alert(f"id-{number}", "the same name", "ALARM") for number in range(6)]
IDS = st.sets(st.sampled_from([alert.id for alert in ALERTS]))
POSTS = st.lists(
    st.sampled_from([f"🔴 ALARM the same name: Threshold Crossed · id {alert.id}" for alert in ALERTS] + ["else"])
)


@given(posts=POSTS, dead_lettered=IDS, in_flight=IDS, parked=IDS)
def test_each_alert_is_counted_once_at_each_place_and_as_lost_if_it_is_nowhere(
    posts: list[str], dead_lettered: set[str], in_flight: set[str], parked: set[str]
) -> None:
    ledger = balance(ALERTS, posts=posts, dead_lettered=dead_lettered, in_flight=in_flight, parked=parked)
    summary = ledger.summary()
    posted = {alert.id for alert in ALERTS if any(alert.id in post for post in posts)}
    lost = len(ALERTS) - len(posted | dead_lettered | in_flight | parked)
    assert summary == {
        "published": len(ALERTS),
        "delivered": len(posted),
        "parked": len(parked),
        "dead_lettered": len(dead_lettered),
        "in_flight": len(in_flight),
        "lost": lost,
        "duplicates": sum(post != "else" for post in posts) - len(posted),
    }
    assert ledger.is_balanced == (summary["published"] == sum(summary[end] for end in ENDS))
    assert ledger.is_balanced == all(len(entry.ends) == 1 for entry in ledger.entries)
    assert ledger.is_safe == (ledger.is_balanced and not lost and not in_flight)


def test_an_alert_that_is_posted_twice_does_not_hide_another_of_its_name() -> None:
    alerts = [Alert("id-1", "queue-age", "ALARM"), Alert("id-2", "queue-age", "ALARM")]
    ledger = balance(alerts, posts=["queue-age · id id-1"] * 2, dead_lettered=(), in_flight=())
    assert (ledger.count("delivered"), ledger.count("lost"), ledger.duplicates) == (1, 1, 1)
    assert not ledger.is_safe


def test_each_alert_must_have_its_expected_end_and_one_post_or_two_if_repeated() -> None:
    alerts = [Alert(f"id-{name}", name, "ALARM") for name in ("once", "twice", "parked", "by-hand")]
    posts = ["id-once", "id-twice", "id-twice", "id-by-hand"]
    ledger = balance(alerts, posts=posts, dead_lettered=(), in_flight=(), parked={"id-parked"})
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
