import pytest

from redrive.models import End, Report, Request, RequestError, Source, Stopped


def test_what_can_be_asked_for() -> None:
    event = {"queue": "parking", "dry_run": False, "reasons": ["a", "b"], "older_than": 60, "limit": 5}
    asked = Request.from_event(event)
    assert asked == Request(
        source=Source.PARKING, is_dry_run=False, reasons=frozenset({"a", "b"}), older_than=60, limit=5
    )


def test_nothing_asked_is_a_dry_run_of_the_dead_letters() -> None:
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
        ({"reasons": ["x"]}, "reasons: only what is parked has a reason"),
        ({"queue": "parking", "reasons": "x"}, "reasons: must be a list"),
        ({"queue": "parking", "reasons": [""]}, "reasons: must be a list"),
        ({"older_than": -1}, "older_than: must be a whole number from 0 on"),
        ({"older_than": True}, "older_than: must be a whole number"),
        ({"limit": 1.5}, "limit: must be a whole number"),
        ({"limit": "1"}, "limit: must be a whole number"),
        ({"limit": 10**9}, "limit: must be a whole number"),
    ],
)
def test_what_is_not_there_is_said_by_its_name(event: object, problem: str) -> None:
    with pytest.raises(RequestError, match=f"^{problem}"):
        Request.from_event(event)


def test_a_report_names_every_end_also_those_that_are_none() -> None:
    report = Report(stopped=Stopped.LIMIT)
    report.ends.update([End.MOVED, End.MOVED, End.PROBE, End.PARKED, End.DUPLICATE, End.WAITING, End.FAILED])
    assert report.gone == 5
    assert report.as_dict(Request()) == {
        "queue": "dead_letters",
        "dry_run": True,
        "moved": 2,
        "probes": 1,
        "parked": 1,
        "duplicates": 1,
        "waiting": 1,
        "filtered": 0,
        "failed": 1,
        "stopped": "limit",
    }
