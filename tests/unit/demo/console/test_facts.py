from demo.books import Books
from demo.console.facts import SHOWN, Facts, facts_of
from demo.ledger import Alert
from demo.slack.memory import Request
from tests.support.demo.slack_requests import post_of


def facts(posted: Request, *earlier: Request, alerts: int = 1) -> Facts:
    books = Books()
    for number in range(alerts):
        books.publish(Alert(f"sns-{number}", f"disk-{number}", "ALARM", published_at=90.0))
    for one in (*earlier, posted):
        books.record(one)
    return facts_of(posted, books)


def test_a_delivery_at_the_first_attempt_has_no_wait() -> None:
    found = facts(post_of("sns-0", time=90.4))
    assert (found.summary, found.marks) == ("0.4 s · 1 attempt", ())
    assert dict(found.rows) == {
        "Attempts": "1",
        "Waits": "none",
        "Latency": "0.4 s from publication to the post",
        "Lane": "ops",
        "SNS id": "sns-0",
    }


def test_each_refused_attempt_is_a_wait_with_its_answer() -> None:
    throttled = post_of("sns-0", number=1, time=91.0, status=429, answer="rate_limited", retry_after=3)
    dropped = post_of("sns-0", number=2, time=94.5, status=0, answer="connection reset")
    found = facts(post_of("sns-0", number=3, time=95.0), throttled, dropped)
    assert found.summary == "5.0 s · 3 attempts"
    assert dict(found.rows)["Waits"] == (
        "429 rate_limited (Retry-After 3 s), posted again 3.5 s later; no connection reset, posted again 0.5 s later"
    )


def test_the_facts_of_a_post_do_not_count_later_ones() -> None:
    first, second = post_of("sns-0", number=1, time=91.0), post_of("sns-0", number=2, time=99.0)
    books = Books()
    books.publish(Alert("sns-0", "disk", "ALARM", published_at=90.0))
    books.record(first)
    books.record(second)
    assert facts_of(first, books).summary == "1.0 s · 1 attempt"


def test_a_message_says_if_it_is_late_or_may_be_a_duplicate() -> None:
    body = "possible duplicate: … delayed by 5 min · id sns-0"
    assert facts(post_of("sns-0")).marks == ()
    request = post_of("sns-0")
    assert facts(Request(**{**request.__dict__, "body": body})).marks == ("possible duplicate", "delayed")


def test_a_digest_lists_its_alerts_up_to_a_limit() -> None:
    few = facts(post_of("sns-0", "sns-1", time=92.0), alerts=2)
    assert few.summary == "Digest of 2 alerts"
    assert few.rows[1:] == (("Alerts", "2 in one message"), ("ALARM disk-0", "2.0 s"), ("ALARM disk-1", "2.0 s"))
    many = facts(post_of(*(f"sns-{number}" for number in range(SHOWN + 3))), alerts=SHOWN + 3)
    assert many.rows[-1] == ("and", "3 more")


def test_a_message_that_this_stack_did_not_publish_has_no_latency() -> None:
    assert facts(post_of("another")).summary == "Not published by this stack"
