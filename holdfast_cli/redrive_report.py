"""The report of `holdfast redrive`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from record_batch.admission import EXPIRED
from redrive.report import End, Stopped

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


def document(answer: Answer) -> dict[str, object]:
    """Return the answer as JSON."""
    ends = {end.value: answer.ends[end] for end in End}
    return {"queue": answer.queue, "dry_run": answer.is_dry_run, "stopped": answer.stopped.value, "ends": ends}


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
        console.print("Nothing was moved: this was a dry run. To do it: the same command with --run (make: RUN=1).")
