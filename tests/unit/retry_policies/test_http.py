import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from http.client import HTTPMessage

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from retry_policies import Classification, ErrorKind, RetryPolicy, StopReason, parse_retry_after
from retry_policies.http import classify_http, classify_status
from retry_policies.testing import FakeTime
from tests.support.fault_server.server import FaultServer
from tests.support.steps.failing import info_of, with_response

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

PASSING = [status for status in range(300, 600) if classify_status(status).kind is not P]
"""docs/retry-policies.md has the kind of each status."""
NOON = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.mark.parametrize("status", range(300, 600))
def test_each_status_has_its_kind(status: int) -> None:
    expected = classify_status(status)
    assert classify_http(with_response(status_code=status, headers={})) == expected
    assert classify_http(with_response(status_code=status)) == expected


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_interim_status_is_no_answer(status: int) -> None:
    expected = Classification(A, code=str(status), answered=False)
    for headers in ({}, {"Retry-After": "7"}):
        assert classify_http(with_response(status_code=status, headers=headers)) == expected


def test_a_changed_protocol_is_a_final_status() -> None:
    assert classify_status(101) == Classification(P, code="101")


@pytest.mark.parametrize("status", PASSING)
def test_retry_after_counts_on_any_passing_status(status: int) -> None:
    kind = R if status == 503 else classify_status(status).kind
    expected = Classification(kind, 7.0, str(status))
    assert classify_http(with_response(status_code=status, headers={"Retry-After": "7"})) == expected


@pytest.mark.parametrize("status", [403, 413])
def test_retry_after_means_that_a_refusal_passes(status: int) -> None:
    expected = Classification(R, 7.0, str(status))
    assert classify_http(with_response(status_code=status, headers={"Retry-After": "7"})) == expected


@pytest.mark.parametrize("status", sorted({*range(300, 600)} - {*PASSING, 403, 413}))
def test_retry_after_means_nothing_with_a_permanent_status(status: int) -> None:
    expected = Classification(P, code=str(status))
    assert classify_http(with_response(status_code=status, headers={"Retry-After": "7"})) == expected


def test_a_call_that_may_not_be_repeated_reports_the_wait(server: FaultServer) -> None:
    with pytest.raises(requests.HTTPError) as raised:
        FakeTime().policy(RetryPolicy()).call(None, requests.get(server.url("/500", ra=9), timeout=5).raise_for_status)
    info = info_of(raised.value)
    assert (info.reason, info.retry_after) == (StopReason.AMBIGUOUS, 9.0)


@pytest.mark.parametrize("form", [str.lower, str.title, str.upper, str.capitalize])
def test_the_answers_date_and_headers_of_either_case_count(form: Callable[[str], str]) -> None:
    headers = {form("retry-after"): http(NOON + timedelta(seconds=7)), form("date"): http(NOON)}
    assert classify_http(with_response(status_code=429, headers=headers)) == Classification(R, 7.0, "429")


def test_the_headers_of_the_standard_library_count() -> None:
    headers = HTTPMessage()
    headers["retry-AFTER"] = "7"
    assert classify_http(with_response(status_code=429, headers=headers)) == Classification(R, 7.0, "429")


moments = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - given a zone
    lambda moment: moment.replace(microsecond=0)
)


def http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_whole_seconds_are_read_unchanged(one: int, other: int) -> None:
    assert [parse_retry_after(str(seconds)) for seconds in (one, other)] == [one, other]


@given(moments, st.integers(0, 10**7), moments)
def test_a_date_is_the_time_since_the_answers_own_date_or_else_since_now(
    sent: datetime, seconds: int, local: datetime
) -> None:
    until = http(sent + timedelta(seconds=seconds))
    assert parse_retry_after(until, now=sent) == seconds
    assert parse_retry_after(until, date=http(sent), now=local) == seconds


@given(moments, moments, moments)
def test_a_later_date_is_never_a_shorter_wait(now: datetime, one: datetime, other: datetime) -> None:
    earlier, later = (parse_retry_after(http(moment), now=now) for moment in sorted((one, other)))
    assert earlier is not None
    assert later is not None
    assert earlier <= later


@pytest.fixture(params=["UTC", "Asia/Tokyo"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
def test_without_any_other_date_the_local_clock_counts() -> None:
    until = http(datetime.now(UTC) + timedelta(seconds=1000))
    assert parse_retry_after(until) == pytest.approx(1000, abs=60)


class WithoutOffset(tzinfo):
    def utcoffset(self, _moment: datetime | None) -> None:
        pass

    dst = tzname = utcoffset


@pytest.mark.parametrize("zone", [None, WithoutOffset()])
def test_a_moment_without_a_zone_is_in_utc(zone: tzinfo | None) -> None:
    assert parse_retry_after("Sat, 31 Jan 2026 12:00:30 GMT", now=NOON.replace(tzinfo=zone)) == 30.0


@given(st.none() | st.text() | st.binary() | st.integers() | st.floats(), st.text() | st.none() | st.integers())
def test_no_value_raises_or_gives_anything_but_a_length_of_time(value: object, date: object) -> None:
    wait = parse_retry_after(value, date=date)
    assert wait is None or 0 <= wait < math.inf


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        (" 3 ", 3.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),  # long past
        ("Sat, 31 Jan 2026 12:00:30 GMT", 30.0),
        ("Sat, 31 Jan 2026 13:00:30 +0100", 30.0),
        ("Sat, 31 Jan 2026 12:00:30", 30.0),  # without a zone: UTC
        *((value, None) for value in ("", "-1", "soon", "nan", "inf", "1e3", "0x10", "3, 4", "9" * 400, "٣", 3, None)),
    ],
)
def test_each_form_is_read_or_refused(value: object, seconds: float | None) -> None:
    assert parse_retry_after(value, now=NOON) == seconds
