import pytest

from redrive.models import SEEN_PER_LANE, End, Report, Request, RequestError, Source, Stopped


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
        ({"older_than": -1}, "older_than: must be a whole number from 0 on"),
        ({"older_than": True}, "older_than: must be a whole number"),
        ({"limit": 1.5}, "limit: must be a whole number"),
        ({"limit": "1"}, "limit: must be a whole number"),
        ({"limit": 10**9}, "limit: must be a whole number"),
    ],
)
def test_an_invalid_field_is_named(event: object, problem: str) -> None:
    with pytest.raises(RequestError, match=f"^{problem}"):
        Request.from_event(event)


@pytest.mark.parametrize(
    ("request_", "is_limited"),
    [
        (Request(), True),
        (Request(is_dry_run=False, older_than=1), True),
        (Request(is_dry_run=False, limit=1), False),
        (Request(source=Source.PARKING, older_than=1), False),
    ],
)
def test_the_report_says_where_a_lane_is_seen_in_part(request_: Request, is_limited: bool) -> None:  # noqa: FBT001 - a case
    limit = Report().as_dict(request_).get("seen_per_lane_at_most")
    assert limit == (SEEN_PER_LANE if is_limited else None)


def test_the_report_counts_every_end() -> None:
    report = Report()
    report.ends.update([End.MOVED, End.MOVED, End.PROBE, End.EXPIRED, End.WAITING, End.FAILED])
    counts = report.as_dict(Request())
    assert {end.value: counts[end.value] for end in End} == {
        "moved": 2,
        "probes": 1,
        "expired": 1,
        "waiting": 1,
        "filtered": 0,
        "failed": 1,
    }
    assert report.moved == 4


def test_the_first_reason_to_stop_is_reported() -> None:
    report = Report()
    for reason in (Stopped.DONE, Stopped.LIMIT, Stopped.TIME, Stopped.DONE):
        report.stop(reason)
    assert report.stopped is Stopped.LIMIT
