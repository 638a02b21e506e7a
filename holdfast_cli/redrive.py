"""`make redrive STACK=…`: send dead letters or parked alerts back to be delivered; without RUN=1 a dry run."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from rich.console import Console
from rich.table import Table

from holdfast_cli.aws_errors import in_words
from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.questions import STACK, ask_region
from holdfast_cli.stack import find_stack
from observability.redaction import redact
from outcomes.outcome import ParkReason
from redrive.models import LEAVING, NO_LIMIT, End, Source, Stopped

MEANINGS: Mapping[End, str] = {
    End.MOVED: "back to the end of its lane, or to AlertsQueue",
    End.PROBE: "back to AlertsQueue, to see whether intake works again",
    End.EXPIRED: "put into ParkingQueue: 12 days old, and SQS deletes it after 14",
    End.WAITING: "stay: intake has not finished the probe",
    End.FILTERED: "stay: not asked for, or not an alert",
    End.FAILED: "stay: a queue did not accept or did not delete it; the log of the function has the error",
}
STOPS: Mapping[Stopped, str] = {
    Stopped.DONE: "all visible messages were worked through",
    Stopped.LIMIT: "the limit was reached",
    Stopped.TIME: "the time of the function was over",
    Stopped.RUNNING: "another redrive works through that queue: nothing was looked at",
    Stopped.TROUBLE: "the table or a queue could not be read",
}
READ_TIMEOUT = 70
"""Seconds: the function runs for 60 at most."""
PLAIN_WIDTH = 120


@dataclass
class Answer:
    """What the function has reported, over all its runs."""

    queue: str
    is_dry_run: bool
    ends: Counter[End] = field(default_factory=Counter)
    stopped: Stopped = Stopped.DONE
    seen_per_lane: int | None = None
    """Dead letters of one lane that the function sees at most; None if it sees all."""


def main() -> int:
    """Ask the function redrive of the stack that was named."""
    told = arguments(sys.argv[1:])
    region = ask_region()
    answer = in_words(f"redriving what stack {told.stack} has not delivered", lambda: _redrive(told, region))
    show(answer, Console(highlight=False))
    return int(answer.stopped in {Stopped.TROUBLE, Stopped.RUNNING} or bool(answer.ends[End.FAILED]))


def arguments(given: list[str]) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(prog="python -m holdfast_cli.redrive", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    parser.add_argument("--queue", default=Source.DEAD_LETTERS.value, choices=[one.value for one in Source])
    parser.add_argument("--reason", action="append", default=[], choices=[one.value for one in ParkReason])
    parser.add_argument("--older-than", type=int, default=0, metavar="SECONDS", help="only what is older")
    parser.add_argument("--limit", type=int, default=NO_LIMIT, metavar="N", help="at most so many")
    parser.add_argument("--run", action="store_true", help="do it; without this it only says what would happen")
    return parser.parse_args(given)


def event_of(told: argparse.Namespace) -> dict[str, object]:
    """What the function is asked for."""
    return {
        "queue": told.queue,
        "dry_run": not told.run,
        "reasons": told.reason,
        "older_than": told.older_than,
        "limit": told.limit,
    }


def _redrive(told: argparse.Namespace, region: str) -> Answer:
    session = boto3.Session(region_name=region)
    stack = find_stack(session.client("cloudformation"), told.stack)
    function = stack.outputs.get("RedriveFunctionName")
    if function is None:
        raise CommandFailed(f"stack {told.stack} has no function that redrives", "deploy this version: make deploy")
    make: Any = session.client  # no types are installed for this service
    config = Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1})
    return ask(make("lambda", config=config), function, event_of(told))


def ask(functions: Any, function: str, event: Mapping[str, Any]) -> Answer:  # noqa: ANN401 - boto3's client
    """Call the function until it stops for another reason than time or moves only a probe; add its reports up."""
    answer = Answer(str(event["queue"]), bool(event["dry_run"]))
    while True:
        gone = sum(answer.ends[end] for end in LEAVING)
        report = _call(functions, function, {**event, "limit": event["limit"] - gone})
        answer.stopped = Stopped(report["stopped"])
        answer.seen_per_lane = report.get("seen_per_lane_at_most")
        ends = Counter({end: int(report[end.value]) for end in End})
        for end in End:  # a message that stays is counted again by each run
            answer.ends[end] = ends[end] + (answer.ends[end] if end in LEAVING else 0)
        if answer.is_dry_run or answer.stopped is not Stopped.TIME or not (ends[End.MOVED] or ends[End.EXPIRED]):
            return answer
        print(f"{sum(answer.ends[end] for end in LEAVING)} so far")


def _call(functions: Any, function: str, event: Mapping[str, object]) -> dict[str, Any]:  # noqa: ANN401 - boto3's client
    answer = functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFailed(
            f"{function} failed: {redact(str(said.get('errorMessage')))}", f"read its log: sam logs -n {function}"
        )
    return said


def show(answer: Answer, console: Console) -> None:
    """Print the numbers, and what each means."""
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    table = Table(title=f"{answer.queue}: {'what would happen' if answer.is_dry_run else 'what happened'}")
    for title in ("messages", "became", "which means"):
        table.add_column(title, justify="right" if title == "messages" else "left")
    for end in End:
        if answer.ends[end]:
            table.add_row(str(answer.ends[end]), end.value, MEANINGS[end])
    if table.row_count:
        console.print(table)
    else:
        console.print(f"{answer.queue}: nothing is there, or nothing that can be seen now")
    console.print(f"Ended because {STOPS[answer.stopped]}.")
    if answer.seen_per_lane is not None:
        console.print(
            f"Of each lane at most {answer.seen_per_lane} dead letters are counted: SQS shows the next ones of a lane "
            "only after these have left the queue.",
            soft_wrap=True,
        )
    if answer.is_dry_run:
        console.print("Nothing was moved: this was a dry run. To do it: the same command with RUN=1.")


if __name__ == "__main__":
    sys.exit(run_command(main))
