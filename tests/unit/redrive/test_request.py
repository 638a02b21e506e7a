import pytest

from redrive.request import Request, RequestError, Source


def test_an_event_is_read_into_a_request() -> None:
    event = {"queue": "parking", "dry_run": False, "reasons": ["a", "b"], "older_than": 60, "limit": 5}
    request = Request.from_event(event)
    assert request == Request(
        source=Source.PARKING, is_dry_run=False, reasons=frozenset({"a", "b"}), older_than=60, limit=5
    )


def test_an_empty_event_is_a_dry_run_of_the_dead_letters() -> None:
    assert Request.from_event({}) == Request(source=Source.DEAD_LETTERS, is_dry_run=True)


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (None, "the event must be an object"),
        ([], "the event must be an object"),
        ({"dryrun": False}, "dryrun: is not a field"),
        ({"queue": "alerts"}, "queue: must be one of dead_letters, parking"),
        ({"queue": None}, "queue: must be one of"),
        ({"queue": ["parking"]}, "queue: must be one of"),
        ({"dry_run": "false"}, "dry_run: must be true or false"),
        ({"dry_run": 0}, "dry_run: must be true or false"),
        ({"reasons": ["x"]}, "reasons: only parked alerts have a reason"),
        ({"queue": "parking", "reasons": "x"}, "reasons: must be a list"),
        ({"queue": "parking", "reasons": [""]}, "reasons: must be a list"),
        ({"older_than": -1}, "older_than: must be a whole number, 0 or more"),
        ({"older_than": True}, "older_than: must be a whole number"),
        ({"limit": 1.5}, "limit: must be a whole number"),
        ({"limit": "1"}, "limit: must be a whole number"),
        ({"limit": 10**9}, "limit: must be a whole number"),
    ],
)
def test_an_invalid_field_is_named(event: object, problem: str) -> None:
    with pytest.raises(RequestError, match=f"^{problem}"):
        Request.from_event(event)
