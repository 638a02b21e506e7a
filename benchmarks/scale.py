"""`make bench ONLY=scale`: the time and the price of storms up to a million alerts and a thousand channels.

On paper it is the longest of three: Slack takes a message a second in each channel, the lanes' batches run side by side
up to their concurrency, and so do those of intake. Storms of up to 10,000 alerts are also simulated.
"""

import math
from concurrent.futures import ProcessPoolExecutor

from benchmarks.load import Load, Played, play
from benchmarks.tables import Cell, Column, Goal, Table
from benchmarks.usage import paid
from holdfast_cli.cost import STORM as STORM_USAGE
from holdfast_cli.cost import dollars
from tests.support.virtual.timing import intake_settings

PROCESSES = 2
LOADS = (
    *(Load(1_000, channels, concurrency) for channels in (1, 10, 100) for concurrency in (2, 20)),
    Load(1_000, 1_000, 20),
    *(Load(10_000, channels, concurrency) for channels, concurrency in ((1, 20), (100, 20), (1_000, 100))),
    *(Load(100_000, channels, concurrency) for channels, concurrency in ((1, 20), (100, 20), (1_000, 100))),
    *(Load(1_000_000, channels, concurrency) for channels, concurrency in ((1, 20), (100, 100), (1_000, 1_000))),
)
SIMULATED = 10_000
"""Most alerts that are simulated."""
DIGEST = 10
HELD = 1.056
"""Seconds of a batch whose lane has more alerts: it is held until a second after its post began."""
ALONE = 0.146
"""Seconds of a batch of slack_alerts without a pause."""
INTAKE = 0.02
"""Seconds of a batch of intake."""
SEARCH_DEPTH = 120_000
"""Messages among which SQS looks for a free lane."""
SECRET_READS = 40
"""Reads of parameters a second in an account, by default."""
LOWEST, HIGHEST = 0.8, 1.6
"""The allowed range of the simulated time divided by the time on paper."""

COLUMNS = (
    Column("alerts", ",d"),
    Column("channels", ",d"),
    Column("concurrency", ",d"),
    Column("simulated, × paper", ".2f"),
    Column("last post on paper, s", ",.1f"),
    Column("simulated, s", ",.1f"),
    Column("dollars", ",.4f"),
    Column("reads of secrets a second, most", ",d"),
    Column("bounded by"),
)


def tables(loads: tuple[Load, ...] = LOADS) -> list[Table]:
    simulated = sorted((load for load in loads if load.alerts <= SIMULATED), key=lambda load: -load.alerts)
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = dict(zip(simulated, pool.map(play, simulated), strict=True))
    relative = [played.last / max(paper(load).values()) for load, played in found.items()]
    delivered = sum(load.alerts - played.delivered for load, played in found.items())
    goals = (
        Goal("alerts that a simulated storm did not deliver", delivered, 0, "d", is_required=True),
        Goal("simulated, × paper, lowest", min(relative), LOWEST, is_least=True, is_required=True),
        Goal("simulated, × paper, highest", max(relative), HIGHEST, is_required=True),
    )
    rows = tuple(_row(load, found.get(load)) for load in loads)
    return [Table("scale", "Storms on paper and simulated", COLUMNS, rows, goals)]


def paper(load: Load) -> dict[str, float]:
    """Return the seconds that Slack, the lanes and intake need at least, by name."""
    batches = math.ceil(load.alerts / DIGEST)
    each = math.ceil(load.alerts / load.channels)
    batch = HELD if each > 1 else ALONE
    return {
        "Slack": HELD * math.ceil(each / DIGEST) if each > 1 else ALONE,
        "lanes": batch * math.ceil(batches / load.concurrency),
        "intake": INTAKE * math.ceil(batches / intake_settings().max_concurrency),
    }


def bounds(load: Load, secret_reads: int) -> str:
    """Name what takes the longest, and the limits of AWS that the storm exceeds."""
    seconds = paper(load)
    named = [max(seconds, key=lambda name: seconds[name])]
    named += [f"FIFO's {SEARCH_DEPTH:,}"] * (load.alerts > SEARCH_DEPTH and load.channels > 1)
    named += [f"SSM's {SECRET_READS} a second"] * (secret_reads > SECRET_READS)
    return ", ".join(named)


def _row(load: Load, played: Played | None) -> tuple[Cell, ...]:
    seconds = max(paper(load).values())
    size = (load.alerts, load.channels, load.concurrency)
    if played is None:
        price = load.alerts * sum(dollars(STORM_USAGE).values())
        return (*size, "–", seconds, "–", price, "–", bounds(load, 0))
    logged = load.alerts * dollars({"log KB": STORM_USAGE["log KB"]})["log KB"]
    price = sum(dollars(paid(played)).values()) + logged
    reads = played.most_secret_reads
    return (*size, played.last / seconds, seconds, played.last, price, reads, bounds(load, reads))
