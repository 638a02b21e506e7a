"""`holdfast redrive`: return dead letters or parked alerts to be delivered; without --run a dry run."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from botocore.config import Config
from rich.console import Console

from holdfast_cli.account import Account, connect
from holdfast_cli.failures import INTERRUPTED, CommandFailed, Exit
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.progress import Show, progress
from holdfast_cli.questions import STACK
from holdfast_cli.redrive_report import Answer, document, show
from holdfast_cli.regions import stack_in
from observability.redaction import redact
from outcomes.outcome import ParkReason
from redrive.report import LEAVING, End, Stopped
from redrive.request import NO_LIMIT, Source

READ_TIMEOUT = 70
"""Seconds: the function runs for 60 at most."""


def redrive(  # noqa: PLR0913 - the options of the command
    *,
    stack: StackName = STACK.default,
    queue: Annotated[Source, typer.Option(help="The queue whose messages return.")] = Source.DEAD_LETTERS,
    reason: Annotated[
        list[ParkReason] | None, typer.Option(help="Only parked for this reason; may be repeated.")
    ] = None,
    older_than: Annotated[int, typer.Option(metavar="SECONDS", min=0, help="Only older messages.")] = 0,
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="At most N messages.")] = NO_LIMIT,
    region: Region = "",
    profile: Profile = "",
    run: Annotated[bool, typer.Option("--run", help="Move messages; without it, print what would happen.")] = False,
    as_json: Json = False,
) -> None:
    """Return dead letters, or parked alerts, to be delivered. Without --run it is a dry run.

    Examples:
    holdfast redrive

    holdfast redrive --queue parking --reason destination_refused

    holdfast redrive --queue parking --reason destination_refused --limit 10 --run
    """
    event = {
        "queue": queue.value,
        "dry_run": not run,
        "reasons": [one.value for one in reason or ()],
        "older_than": older_than,
        "limit": limit,
    }
    account = connect(region, profile)
    answer = account.run(f"redriving undelivered alerts of stack {stack}", lambda: _redrive(account, stack, event))
    if as_json:
        print(json.dumps(document(answer), indent=2))
    else:
        show(answer, Console(highlight=False))
    if answer.stopped in {Stopped.TROUBLE, Stopped.RUNNING} or answer.ends[End.FAILED]:
        raise typer.Exit(Exit.FAILED)


def _redrive(account: Account, name: str, event: Mapping[str, Any]) -> Answer:
    with progress(f"reading stack {name}"):
        stack = stack_in(account, name)
    function = stack.outputs.get("RedriveFunctionName")
    if function is None:
        raise CommandFailed(f"stack {name} has no function that redrives", "update the stack: holdfast deploy")
    config = Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1})
    with progress("the function works through the queue") as step:
        return invoke(account.client("lambda", config), function, event, step)


def invoke(
    functions: Any,  # noqa: ANN401 - boto3's client
    function: str,
    event: Mapping[str, Any],
    step: Show = lambda _: None,
) -> Answer:
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
        step(f"{sum(answer.ends[end] for end in LEAVING)} so far")


def _call(functions: Any, function: str, event: Mapping[str, object]) -> dict[str, Any]:  # noqa: ANN401 - boto3's client
    try:
        answer = functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    except KeyboardInterrupt as interrupt:
        problem = f"interrupted; {function} continues for up to a minute"
        raise CommandFailed(problem, "see the queues: holdfast status", INTERRUPTED) from interrupt
    report: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFailed(
            f"{function} failed: {redact(str(report.get('errorMessage')))}",
            "read its log: aws logs tail, or holdfast status",
        )
    return report
