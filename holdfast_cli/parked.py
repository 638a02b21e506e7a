"""`make parked STACK=…`: list the parked alerts with their reasons, without removing any."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import boto3
from rich.console import Console
from rich.table import Table
from rich.text import Text

from holdfast_cli.failures import call_aws, run_command
from holdfast_cli.parking_queue import Parked, approximate_count, read_all
from holdfast_cli.questions import STACK, ask_region
from holdfast_cli.stack import find_stack
from record_batch.overflow import Overflow
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable

PLAIN_WIDTH = 140
APPROXIMATE = (
    "The approximate count of SQS is {count}. A message that another reader has received is not listed. "
    "Listing removes none, and hides each for some seconds."
)


def main() -> int:
    """List the parking queue of a stack."""
    parser = argparse.ArgumentParser(prog="python -m holdfast_cli.parked", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    parser.add_argument("--json", action="store_true", help="JSON for other programs")
    arguments = parser.parse_args()
    region = ask_region()
    parked, count = call_aws(
        f"reading the parking queue of stack {arguments.stack}", lambda: _read(arguments.stack, region)
    )
    if arguments.json:
        print(json.dumps({"approximate_count": count, "parked": [as_json(one) for one in parked]}, indent=2))
    else:
        show(parked, count, Console(highlight=False))
    return 0


def _read(name: str, region: str) -> tuple[list[Parked], int]:
    session = boto3.Session(region_name=region)
    stack, sqs = find_stack(session.client("cloudformation"), name), session.client("sqs")
    table = DeliveriesTable(session.client("dynamodb"), stack.deliveries_table, TABLE_POLICY)
    count = approximate_count(sqs, stack.parking_queue_url)  # before the messages are read and so hidden
    return read_all(sqs, stack.parking_queue_url, Overflow(table)), count


def as_json(parked: Parked) -> dict[str, object]:
    """Return a parked alert as JSON."""
    return asdict(parked) | {"since": parked.since.isoformat()}


def show(parked: Sequence[Parked], count: int, console: Console) -> None:
    """Print the table, oldest first."""
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    if parked:
        table = Table()
        for title in ("since (UTC)", "alert", "reason", "receives", "hop"):
            table.add_column(title, justify="right" if title in {"receives", "hop"} else "left")
        for one in parked:
            reason = f"{one.reason} ({one.detail})" if one.detail else one.reason
            cells = (f"{one.since:%Y-%m-%d %H:%M:%S}", one.what, reason, str(one.receives), str(one.hop))
            table.add_row(*map(Text, cells))
        console.print(table)
    console.print(Text(f"{len(parked)} parked. {APPROXIMATE.format(count=count)}"), soft_wrap=True)


if __name__ == "__main__":
    sys.exit(run_command(main))
