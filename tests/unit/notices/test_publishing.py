from notices.models import Arrivals, Cursor, QueuedMessage, Unreadable
from notices.publishing import lines, subject

LOST = Unreadable(queue="lanes", code="AccessDenied")


def found(queue: str, count: int, *named: tuple[str, str], depth: int = 5, is_minimum: bool = False) -> Arrivals:
    listed = tuple(QueuedMessage(message_id="m", sent_at=0, name=name, reason=reason) for name, reason in named)
    return Arrivals(queue=queue, count=count, is_minimum=is_minimum, depth=depth, listed=listed, cursor=Cursor())


def test_a_notice_counts_each_queue_and_lists_messages_with_reasons() -> None:
    findings = [found("parking", 3, ("a", "refused: x"), ("b", "")), found("dead", 0), found("lanes", 1, ("c", ""))]
    assert list(lines(findings)) == [
        "parking: 3 new, 5 in all",
        "- a: refused: x",
        "- b",
        "- and 1 more",
        "lanes: 1 new, 5 in all",
        "- c",
    ]
    assert subject(findings) == "Holdfast: 4 new undelivered messages"


def test_a_notice_says_at_least_if_not_all_messages_were_seen() -> None:
    findings = [found("lanes", 30, ("a", ""), depth=40, is_minimum=True), found("dead", 2, is_minimum=True)]
    assert list(lines(findings)) == [
        "lanes: at least 30 new, 40 in all",
        "- a",
        "- and at least 29 more",
        "dead: at least 2 new, 5 in all",
    ]
    assert subject(findings) == "Holdfast: at least 32 new undelivered messages"


def test_an_unreadable_queue_is_named_with_the_error_code() -> None:
    assert list(lines([LOST])) == [
        "lanes: cannot be read (AccessDenied). New messages in it are not reported until it can."
    ]
    assert subject([LOST]) == "Holdfast: a queue of undelivered messages cannot be read"
    assert subject([LOST, found("dead", 1)]) == "Holdfast: at least 1 new undelivered message"


def test_a_subject_is_short_enough_for_sns() -> None:
    assert len(subject([found("q", 10**9, is_minimum=True)])) < 100
