import io
import json
from collections import Counter
from typing import Any

import pytest
from rich.console import Console

from holdfast_cli.failures import INTERRUPTED, CommandFailed, Exit
from holdfast_cli.redrive import invoke
from holdfast_cli.redrive_report import Answer, document, show
from redrive.report import End, Report, Stopped
from redrive.request import NO_LIMIT, Request
from tests.unit.holdfast_cli.command import Run


class Functions:
    """Lambda with a function that returns these reports, or raises these errors."""

    def __init__(self, *reports: dict[End, int] | str, stops: str = "done") -> None:
        self.reports = list(reports)
        self.stops = stops.split()
        self.requests: list[Request] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        assert FunctionName == "redrive"
        request = Request.from_event(json.loads(Payload))
        self.requests.append(request)
        ends = self.reports.pop(0)
        if isinstance(ends, str):
            body = json.dumps({"errorMessage": ends}).encode()
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(body)}
        report = Report(stopped=Stopped(self.stops.pop(0)))
        report.ends.update(ends)
        return {"Payload": io.BytesIO(json.dumps(report.as_dict(request)).encode())}


def run(functions: Functions, **event: object) -> Answer:
    return invoke(functions, "redrive", {"queue": "dead_letters", "dry_run": True, "limit": NO_LIMIT, **event})


def shown(answer: Answer) -> str:
    output = io.StringIO()
    show(answer, Console(file=output))
    return output.getvalue()


def test_without_options_it_is_a_dry_run() -> None:
    functions = Functions({End.MOVED: 2, End.WAITING: 1})
    text = shown(run(functions))
    assert functions.requests == [Request()]
    assert all(part in text for part in ("2 │ moved", "1 │ waiting", "Nothing was moved"))
    assert "expired" not in text
    assert "Of each lane at most 10 dead letters are counted" in text


def test_the_function_is_invoked_again_while_only_its_time_ends_it() -> None:
    reports = ({End.MOVED: 90, End.WAITING: 3}, {End.MOVED: 20, End.PROBE: 1, End.WAITING: 2})
    functions = Functions(*reports, stops="time done")
    answer = run(functions, dry_run=False)
    assert len(functions.requests) == 2
    assert (answer.ends[End.MOVED], answer.ends[End.PROBE], answer.ends[End.WAITING]) == (110, 1, 2)
    assert answer.stopped is Stopped.DONE
    assert "Nothing was moved" not in shown(answer)
    assert "Of each lane" not in shown(answer)


@pytest.mark.parametrize(
    ("ends", "dry_run"),
    [
        ({End.PROBE: 1, End.WAITING: 5000}, False),  # while intake fails, each run would send one more probe
        ({End.WAITING: 3}, False),
        ({End.MOVED: 3}, True),
    ],
    ids=["only a probe", "nothing moved", "a dry run"],
)
def test_one_invocation_is_enough_without_progress(ends: dict[End, int], *, dry_run: bool) -> None:
    answer = run(Functions(ends, stops="time"), dry_run=dry_run)
    assert answer.stopped is Stopped.TIME
    assert answer.ends == Counter({end: ends.get(end, 0) for end in End})


def test_the_limit_applies_to_all_invocations() -> None:
    functions = Functions({End.MOVED: 90}, {End.MOVED: 10}, stops="time limit")
    run(functions, dry_run=False, limit=100)
    assert [request.limit for request in functions.requests] == [100, 10]


def test_a_filter_reads_only_a_part_of_each_lane() -> None:
    answer = run(Functions({End.MOVED: 1}), dry_run=False, older_than=60)
    assert "Of each lane at most 10 dead letters are counted" in shown(answer)


def test_a_failed_function_is_reported_without_a_secret() -> None:
    functions = Functions("limit: must be a whole number xoxb-1234-c4n4ry")
    with pytest.raises(CommandFailed, match="redrive failed: limit: must be a whole number") as failed:
        run(functions)
    assert "c4n4ry" not in str(failed.value)


def test_an_interruption_says_that_the_function_continues() -> None:
    class Interrupted(Functions):
        def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
            raise KeyboardInterrupt(FunctionName, Payload)

    with pytest.raises(CommandFailed, match="redrive continues for up to a minute") as failed:
        run(Interrupted(), dry_run=False)
    assert failed.value.code == INTERRUPTED


def test_each_end_and_each_stop_is_explained() -> None:
    for stopped in Stopped:
        text = shown(Answer("parking", is_dry_run=False, ends=Counter(End), stopped=stopped))
        assert all(end.value in text for end in End)
    assert "no message is visible" in shown(Answer("parking", is_dry_run=False))


def test_the_json_has_each_end() -> None:
    answer = document(Answer("parking", is_dry_run=True, ends=Counter({End.MOVED: 2})))
    assert answer == {
        "queue": "parking",
        "dry_run": True,
        "stopped": "done",
        "ends": {"moved": 2} | {end.value: 0 for end in End if end is not End.MOVED},
    }


def test_a_wrong_option_is_refused_before_aws_is_called(holdfast: Run) -> None:
    for words in (["--queue", "dead"], ["--reason", "bored"], ["--limit", "-1"]):
        assert holdfast("redrive", *words).code == Exit.USAGE
