"""What an outage of Slack costs: hours of it in virtual time, with the function's own steps and the template's numbers.

The same seed, the same tables, which are put into docs/guarantees.md. Exits 1 if a bound does not hold.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from tests.support.virtual.ledger import Fate
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import UNAVAILABLE, Behaviour, broken, throttled, unanswered
from tests.support.virtual.table import table_down
from tests.support.virtual.world import World

from benchmarks import half_day
from benchmarks.page import markdown, put

SEED = 2026
MINUTE, HOUR = 60.0, 3600.0
OUTAGES = {
    "answers 503": UNAVAILABLE,
    "never answers": unanswered(posts=False),
    "posts and never answers": unanswered(posts=True),
    "posts and answers 500": broken(posts=True),
}
COLUMNS = (
    "Slack",
    "for",
    "alerts",
    "delivered",
    "parked",
    "dead",
    "lost",
    "most copies",
    "most receives",
    "Lambda seconds",
    "requests",
    "last delivery",
)
AT_ONCE = (1.0,) * 200
RIDDEN_OUT = 3 * HOUR
"""So long an outage needs no human."""
MOST_COPIES = 5
"""Of an alert whose posts get no answer."""
STORM_ENDS = 1.5
"""Times the least that a storm can take where Slack takes one message a second."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Slack behaves like this from the first second on, while alerts come."""

    name: str
    behaviour: Behaviour | None
    seconds: float
    alerts: str
    instants: tuple[float, ...]
    """When each is published."""
    is_table_down: bool = False
    """DeliveriesTable too, from the first second to the last."""

    def play(self) -> "Result":
        with World(SEED) as world:
            stack = SlackAlerts(world)
            if self.behaviour is not None:
                stack.road.slack.down(0.0, self.seconds, self.behaviour)
            if self.is_table_down:
                stack.table.faults.down(0.0, self.seconds, table_down())
            for number, instant in enumerate(self.instants):
                stack.publish(number, at=instant)
            receives: list[int] = []
            stack.road.alerts.on_delete.append(lambda message: receives.append(message.receives))
            world.run()
            receives += [message.receives for message in stack.road.dead.messages()]
            return Result.of(self, stack, max(receives))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the alerts, and what it cost."""

    outage: Outage
    delivered: int
    parked: int
    dead: int
    lost: int
    copies: int
    """The most that stand in the channel of one alert."""
    receives: int
    """The most that a message took, of the template's 20."""
    billed: float
    requests: int
    latest: float
    """Seconds from the outage's end, or from the first alert where there was none, to the last delivery."""

    @classmethod
    def of(cls, outage: Outage, stack: SlackAlerts, receives: int) -> "Result":
        road = stack.road
        fates = road.ledger.fates().values()
        return cls(
            outage,
            delivered=sum(_answered(fate) is not None for fate in fates),
            parked=sum(fate.parked for fate in fates),
            dead=sum(fate.dead for fate in fates),
            lost=len(road.ledger.lost()),
            copies=max(len(fate.posts) for fate in fates),
            receives=receives,
            billed=road.function.billed,
            requests=len(road.slack.requests),
            latest=max(_answered(fate) or 0.0 for fate in fates) - outage.seconds,
        )

    def cells(self) -> Iterable[str]:
        outage = self.outage
        counts = (self.delivered, self.parked, self.dead, self.lost, self.copies, self.receives)
        return (
            outage.name,
            _length(outage.seconds) if outage.seconds else "-",
            outage.alerts,
            *(f"{count:,}" for count in counts),
            f"{self.billed:,.0f}",
            f"{self.requests:,}",
            f"after {_length(self.latest)}" if self.delivered else "-",
        )

    def broken_bounds(self) -> Iterable[str]:
        """A sentence for each bound that does not hold."""
        outage = self.outage
        where = f"{outage.name}, {_length(outage.seconds)}, {outage.alerts}"
        if self.lost or (self.dead and outage.seconds <= RIDDEN_OUT):
            yield f"{where}: {self.dead} dead, {self.lost} lost"
        is_unanswered = outage.behaviour is not None and outage.behaviour.status is None and not outage.is_table_down
        if is_unanswered and self.copies > MOST_COPIES:
            yield f"{where}: {self.copies} copies"
        if outage.behaviour is None and self.latest > STORM_ENDS * len(outage.instants):
            yield f"{where}: the last one after {self.latest:.0f} s"


def _answered(fate: Fate) -> float | None:
    """When Slack said of it that it stands in the channel."""
    return next((one.at for one in fate.posts if one.behaviour.status == HTTPStatus.OK), None)


def _length(seconds: float) -> str:
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"


def outages() -> list[Outage]:
    found = []
    for name, behaviour in OUTAGES.items():
        for seconds in (10 * MINUTE, 3 * HOUR):
            each_minute = tuple(MINUTE * number for number in range(int(seconds / MINUTE)))
            found.append(Outage(name, behaviour, seconds, "1 a minute", each_minute))
            found.append(Outage(name, behaviour, seconds, "200 at once", AT_ONCE))
    silent = unanswered(posts=True)
    return [
        *found,
        Outage("answers 429, asks for 1 s", throttled(1.0), 3 * HOUR, "200 at once", AT_ONCE),
        Outage("is well", None, 0.0, "1,000 at once", (0.0,) * 1000),
        Outage(
            "posts and never answers, the table is down", silent, 3 * HOUR, "200 at once", AT_ONCE, is_table_down=True
        ),
        Outage("answers 503", UNAVAILABLE, 6 * HOUR, "200 at once", AT_ONCE),
    ]


def results() -> list[Result]:
    with silence():
        return [outage.play() for outage in outages()]


def table(found: Iterable[Result]) -> str:
    return markdown(COLUMNS, (result.cells() for result in found))


def main() -> int:
    found, half_days = results(), half_day.results()
    for shown in (table(found), half_day.table(half_days)):
        print(f"{shown}\n")  # noqa: T201 - this is a command
        put(shown)
    broken = [sentence for result in found for sentence in result.broken_bounds()]
    broken += [sentence for result in half_days for sentence in result.broken_bounds()]
    for sentence in broken or ["every bound holds"]:
        print(sentence)  # noqa: T201 - this is a command
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
