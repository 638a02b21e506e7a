"""`holdfast parked`: list the parked alerts with their reasons, without removing any."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from holdfast_cli.account import Account, connect
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.parking_queue import Parked, approximate_count, read_all
from holdfast_cli.questions import STACK
from holdfast_cli.regions import stack_in
from record_batch.overflow import Overflow
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable

PLAIN_WIDTH = 140
APPROXIMATE = (
    "The approximate count of SQS is {count}. A message that another reader has received is not listed. "
    "Listing removes none, and hides each for some seconds."
)


def parked(
    *, stack: StackName = STACK.default, region: Region = "", profile: Profile = "", as_json: Json = False
) -> None:
    """List the parked alerts with their reasons, without removing any.

    Examples:
    holdfast parked

    holdfast parked --stack alerts --json
    """
    account = connect(region, profile)
    found, count = account.watch(f"reading the parking queue of stack {stack}", lambda: _read(account, stack))
    if as_json:
        print(json.dumps({"approximate_count": count, "parked": [document(one) for one in found]}, indent=2))
    else:
        show(found, count, Console(highlight=False))


def _read(account: Account, name: str) -> tuple[list[Parked], int]:
    stack, sqs = stack_in(account, name), account.client("sqs")
    table = DeliveriesTable(account.client("dynamodb"), stack.deliveries_table, TABLE_POLICY)
    count = approximate_count(sqs, stack.parking_queue_url)  # before the messages are read and so hidden
    return read_all(sqs, stack.parking_queue_url, Overflow(table)), count


def document(parked: Parked) -> dict[str, object]:
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
