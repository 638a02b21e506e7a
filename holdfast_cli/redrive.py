"""`make redrive STACK=…`: return dead letters or parked alerts to be delivered; without RUN=1 a dry run."""

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

from holdfast_cli.failures import CommandFailed, call_aws, run_command
from holdfast_cli.questions import STACK, ask_region
from holdfast_cli.stack import find_stack
from observability.redaction import redact
from outcomes.outcome import ParkReason
from record_batch.admission import EXPIRED
from redrive.report import LEAVING, End, Stopped
from redrive.request import NO_LIMIT, Source

MEANINGS: Mapping[End, str] = {
    End.MOVED: "back to the end of its lane, or to AlertsQueue",
    End.PROBE: "back to AlertsQueue, as a test of intake",
    End.EXPIRED: f"to ParkingQueue: {EXPIRED.detail}, and SQS deletes it after 14",
    End.WAITING: "stay: intake has not finished the probe",
    End.FILTERED: "stay: excluded by the options, or not an alert",
    End.FAILED: "stay: a queue did not accept or did not delete it; the log of the function has the error",
}
STOPS: Mapping[Stopped, str] = {
    Stopped.DONE: "all visible messages were worked through",
    Stopped.LIMIT: "the limit was reached",
    Stopped.TIME: "the time of the function ended",
    Stopped.RUNNING: "another redrive works through that queue: no message was read",
    Stopped.TROUBLE: "the table or a queue could not be read",
}
READ_TIMEOUT = 70
"""Seconds: the function runs for 60 at most."""
PLAIN_WIDTH = 120


@dataclass
class Answer:
    """The sum of the reports of all runs."""

    queue: str
    is_dry_run: bool
    ends: Counter[End] = field(default_factory=Counter)
    stopped: Stopped = Stopped.DONE
    seen_per_lane: int | None = None
    """The most dead letters of a lane that the function can read; None if it reads all."""


def main() -> int:
    """Invoke redrive of a stack."""
    arguments = parse_arguments(sys.argv[1:])
    region = ask_region()
    answer = call_aws(f"redriving undelivered alerts of stack {arguments.stack}", lambda: _redrive(arguments, region))
    show(answer, Console(highlight=False))
    return int(answer.stopped in {Stopped.TROUBLE, Stopped.RUNNING} or bool(answer.ends[End.FAILED]))


def parse_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m holdfast_cli.redrive", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    parser.add_argument("--queue", default=Source.DEAD_LETTERS.value, choices=[one.value for one in Source])
    parser.add_argument("--reason", action="append", default=[], choices=[one.value for one in ParkReason])
    parser.add_argument("--older-than", type=int, default=0, metavar="SECONDS", help="only older messages")
    parser.add_argument("--limit", type=int, default=NO_LIMIT, metavar="N", help="at most N messages")
    parser.add_argument("--run", action="store_true", help="move messages; without it, print what would happen")
    return parser.parse_args(words)


def event_of(arguments: argparse.Namespace) -> dict[str, object]:
    """Return the event for the function."""
    return {
        "queue": arguments.queue,
        "dry_run": not arguments.run,
        "reasons": arguments.reason,
        "older_than": arguments.older_than,
        "limit": arguments.limit,
    }


def _redrive(arguments: argparse.Namespace, region: str) -> Answer:
    session = boto3.Session(region_name=region)
    stack = find_stack(session.client("cloudformation"), arguments.stack)
    function = stack.outputs.get("RedriveFunctionName")
    if function is None:
        raise CommandFailed(f"stack {arguments.stack} has no function that redrives", "update the stack: make deploy")
    make: Any = session.client  # no types are installed for this service
    config = Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1})
    return invoke(make("lambda", config=config), function, event_of(arguments))


def invoke(functions: Any, function: str, event: Mapping[str, Any]) -> Answer:  # noqa: ANN401 - boto3's client
    """Invoke the function, and again while it runs out of time after moving more than a probe. Add up its reports."""
    answer = Answer(str(event["queue"]), bool(event["dry_run"]))
    while True:
        moved = sum(answer.ends[end] for end in LEAVING)
        report = _call(functions, function, {**event, "limit": event["limit"] - moved})
        answer.stopped = Stopped(report["stopped"])
        answer.seen_per_lane = report.get("seen_per_lane_at_most")
        ends = Counter({end: int(report[end.value]) for end in End})
        for end in End:  # each run counts again the messages that stay
            answer.ends[end] = ends[end] + (answer.ends[end] if end in LEAVING else 0)
        if answer.is_dry_run or answer.stopped is not Stopped.TIME or not (ends[End.MOVED] or ends[End.EXPIRED]):
            return answer
        print(f"{sum(answer.ends[end] for end in LEAVING)} so far")


def _call(functions: Any, function: str, event: Mapping[str, object]) -> dict[str, Any]:  # noqa: ANN401 - boto3's client
    answer = functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    report: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFailed(
            f"{function} failed: {redact(str(report.get('errorMessage')))}", f"read its log: sam logs -n {function}"
        )
    return report


def show(answer: Answer, console: Console) -> None:
    """Print the numbers with their meaning."""
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    table = Table(title=f"{answer.queue}: {'what would happen' if answer.is_dry_run else 'what happened'}")
    for title in ("messages", "end", "meaning"):
        table.add_column(title, justify="right" if title == "messages" else "left")
    for end in End:
        if answer.ends[end]:
            table.add_row(str(answer.ends[end]), end.value, MEANINGS[end])
    if table.row_count:
        console.print(table)
    else:
        console.print(f"{answer.queue}: no message is visible")
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
