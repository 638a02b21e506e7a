import io
import json
from typing import Any

import pytest
from rich.console import Console

from holdfast_cli.failures import CommandFailed
from holdfast_cli.redrive import Answer, ask, event_of, show
from holdfast_cli.redrive import arguments as parse
from redrive.models import End, Report, Request, Source, Stopped


class Functions:
    """Lambda, with a function that reports what the test wants."""

    def __init__(self, *reports: dict[End, int] | str, stops: str = "done") -> None:
        self.reports = list(reports)
        self.stops = stops.split()
        self.asked: list[Request] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        assert FunctionName == "redrive"
        request = Request.from_event(json.loads(Payload))
        self.asked.append(request)
        reported = self.reports.pop(0)
        if isinstance(reported, str):
            return {
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(json.dumps({"errorMessage": reported}).encode()),
            }
        report = Report(stopped=Stopped(self.stops.pop(0)))
        report.ends.update(reported)
        return {"Payload": io.BytesIO(json.dumps(report.as_dict(request)).encode())}


def shown(answer: Answer) -> str:
    out = io.StringIO()
    show(answer, Console(file=out))
    return out.getvalue()


def test_what_is_typed_is_what_the_function_is_asked_for() -> None:
    typed = ["mine", "--queue", "parking", "--reason", "destination_refused", "--older-than", "60", "--limit", "5"]
    asked = Request.from_event(event_of(parse([*typed, "--run"])))
    assert asked == Request(
        source=Source.PARKING,
        is_dry_run=False,
        reasons=frozenset({"destination_refused"}),
        older_than=60,
        limit=5,
    )


def test_who_types_nothing_gets_a_dry_run() -> None:
    functions = Functions({End.MOVED: 2, End.WAITING: 1})
    answer = ask(functions, "redrive", event_of(parse([])))
    assert functions.asked == [Request()]
    text = shown(answer)
    assert "2 │ moved" in text
    assert "1 │ waiting" in text
    assert "expired" not in text
    assert "Nothing was moved" in text
    assert "Of each lane at most 10 dead letters are counted" in text


def test_while_only_its_time_ends_it_the_function_is_called_again() -> None:
    reports = ({End.MOVED: 90, End.WAITING: 3}, {End.MOVED: 20, End.PROBE: 1, End.WAITING: 2})
    functions = Functions(*reports, stops="time done")
    answer = ask(functions, "redrive", event_of(parse(["--run"])))
    assert len(functions.asked) == 2
    assert (answer.ends[End.MOVED], answer.ends[End.PROBE], answer.ends[End.WAITING]) == (110, 1, 2)
    assert answer.stopped is Stopped.DONE
    assert "Nothing was moved" not in shown(answer)
    assert "Of each lane" not in shown(answer)


def test_a_filter_that_sees_a_part_of_each_lane_is_shown() -> None:
    answer = ask(Functions({End.MOVED: 1}), "redrive", event_of(parse(["--run", "--older-than", "60"])))
    assert "Of each lane at most 10 dead letters are counted" in shown(answer)


def test_the_limit_holds_over_all_calls() -> None:
    functions = Functions({End.MOVED: 90}, {End.MOVED: 10}, stops="time limit")
    ask(functions, "redrive", event_of(parse(["--run", "--limit", "100"])))
    assert [request.limit for request in functions.asked] == [100, 10]


def test_a_probe_alone_is_no_reason_to_call_the_function_again() -> None:
    """While intake fails, each call would send one more."""
    functions = Functions({End.PROBE: 1, End.WAITING: 5000}, stops="time")
    assert ask(functions, "redrive", event_of(parse(["--run"]))).ends[End.PROBE] == 1


@pytest.mark.parametrize("typed", [["--run"], []])
def test_where_it_does_not_get_on_or_only_looks_once_is_enough(typed: list[str]) -> None:
    functions = Functions({End.WAITING: 3} if typed else {End.MOVED: 3}, stops="time")
    assert ask(functions, "redrive", event_of(parse(typed))).stopped is Stopped.TIME


def test_a_second_redrive_is_told_politely() -> None:
    answer = ask(Functions({}, stops="running"), "redrive", event_of(parse(["--run"])))
    assert "another redrive works through that queue" in shown(answer)


def test_a_function_that_fails_is_said_in_words_without_a_secret() -> None:
    functions = Functions("limit: must be a whole number xoxb-1234-c4n4ry")
    with pytest.raises(CommandFailed, match="redrive failed: limit: must be a whole number") as failed:
        ask(functions, "redrive", event_of(parse([])))
    assert "c4n4ry" not in str(failed.value)


def test_every_end_and_every_stop_is_explained() -> None:
    for stopped in Stopped:
        text = shown(
            Answer("parking", is_dry_run=False, ends=Report().ends + type(Report().ends)(End), stopped=stopped)
        )
        assert all(end.value in text for end in End)
