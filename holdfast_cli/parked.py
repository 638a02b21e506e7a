"""`make parked STACK=…`: lists what was refused for good, why and since when; it takes nothing away."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import boto3
from rich.console import Console
from rich.table import Table
from rich.text import Text

from holdfast_cli.aws_errors import in_words
from holdfast_cli.failures import run_command
from holdfast_cli.parking_queue import Parked, approximate_count, look
from holdfast_cli.questions import STACK, ask_region
from holdfast_cli.stack import find_stack

PLAIN_WIDTH = 140
APPROXIMATE = (
    "SQS counts approximately: it says {count} stand there now. One that somebody else is looking at is not listed; "
    "looking takes none away, and hides each for some seconds."
)


def main() -> int:
    """List what stands in the parking queue of the stack that was named."""
    parser = argparse.ArgumentParser(prog="python -m holdfast_cli.parked", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    parser.add_argument("--json", action="store_true", help="JSON for other programs")
    told = parser.parse_args()
    region = ask_region()
    parked, count = in_words(f"reading what stack {told.stack} has parked", lambda: _look(told.stack, region))
    if told.json:
        print(json.dumps({"approximate_count": count, "parked": [as_json(one) for one in parked]}, indent=2))
    else:
        show(parked, count, Console(highlight=False))
    return 0


def _look(name: str, region: str) -> tuple[list[Parked], int]:
    session = boto3.Session(region_name=region)
    stack, sqs = find_stack(session.client("cloudformation"), name), session.client("sqs")
    count = approximate_count(sqs, stack.parking_queue_url)  # before the look, which hides what it sees
    return look(sqs, stack.parking_queue_url), count


def as_json(parked: Parked) -> dict[str, object]:
    """One parked alert for other programs."""
    return asdict(parked) | {"since": parked.since.isoformat()}


def show(parked: Sequence[Parked], count: int, console: Console) -> None:
    """Print the table, oldest first."""
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    if parked:
        table = Table()
        for title in ("since (UTC)", "what", "why", "receives", "hop"):
            table.add_column(title, justify="right" if title in {"receives", "hop"} else "left")
        for one in parked:
            why = f"{one.reason} ({one.detail})" if one.detail else one.reason
            cells = (f"{one.since:%Y-%m-%d %H:%M:%S}", one.what, why, str(one.receives), str(one.hop))
            table.add_row(*map(Text, cells))
        console.print(table)
    console.print(Text(f"{len(parked)} parked. {APPROXIMATE.format(count=count)}"), soft_wrap=True)


if __name__ == "__main__":
    sys.exit(run_command(main))
