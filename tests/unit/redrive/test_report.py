import pytest

from redrive.report import SEEN_PER_LANE, End, Report, Stopped
from redrive.request import Request, Source


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
