"""Slack is down for half a day, and nobody gets up: what the schedule of redrive does about it, in virtual time."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.virtual.ledger import Fate
from tests.support.virtual.redrive import Redrive
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import DIES_EARLY, SlackAlerts
from tests.support.virtual.slack_behaviours import NOT_CONNECTED, UNAVAILABLE, Behaviour, throttled
from tests.support.virtual.world import World

from benchmarks.page import markdown

SEED = 7
MINUTE, HOUR = 60.0, 3600.0
DOWN = 12 * HOUR
RATE = 15 * MINUTE
"""The template's RedriveRate."""
END = 4 * DOWN
COLUMNS = (
    "Slack for 12 h",
    "alerts",
    "delivered",
    "parked",
    "redrives",
    "hops",
    "of them while down",
    "probes",
    "requests",
    "of them refused",
    "last delivery",
    "redrive seconds",
)
EACH_FIVE_MINUTES = tuple(5 * MINUTE * number for number in range(150))
AT_ONCE = (1.0,) * 20
"""And then nothing new, so that nothing but redrive finds out that Slack is back."""


@dataclass(frozen=True, slots=True)
class HalfDay:
    """Twelve hours of this answer, while alerts come; the first of them may kill the function each time."""

    name: str
    behaviour: Behaviour
    instants: tuple[float, ...] = EACH_FIVE_MINUTES
    has_crasher: bool = False

    def play(self) -> "Result":
        with World(SEED) as world:
            alerts = SlackAlerts(world)
            redrive = Redrive(alerts)
            alerts.road.slack.down(0, DOWN, self.behaviour)
            crasher = alerts.publish(0, words=DIES_EARLY) if self.has_crasher else ""
            for number, instant in enumerate(self.instants, start=1):
                alerts.publish(number, at=instant)
            redrive.schedule(RATE, END)
            world.run(DOWN)
            hops_while_down = redrive.totals()["moved"]
            world.run(END)
            return Result.of(self, alerts, redrive, hops_while_down, crasher)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the alerts, and what brought it about."""

    day: HalfDay
    crasher: str
    fates: dict[str, Fate]
    parked: tuple[str, ...]
    """Why, of each that stands in the parking queue."""
    redrives: Counter[str]
    """Their reports, added up."""
    runs: int
    hops_while_down: int
    requests: int
    refused: int
    billed: float

    @classmethod
    def of(cls, day: HalfDay, alerts: SlackAlerts, redrive: Redrive, hops_while_down: int, crasher: str) -> "Result":
        road = alerts.road
        facts = [json.loads(one.attributes["holdfast"]["StringValue"]) for one in road.parking.messages()]
        return cls(
            day,
            crasher,
            fates=road.ledger.fates(),
            parked=tuple(f"{one['reason']}, {one['hop']} hops" for one in facts),
            redrives=redrive.totals(),
            runs=len(redrive.reports),
            hops_while_down=hops_while_down,
            requests=len(road.slack.requests),
            refused=sum(not request.behaviour.posts for request in road.slack.requests),
            billed=redrive.function.billed,
        )

    @property
    def delivered(self) -> int:
        """How many were posted, each once."""
        return sum(len(fate.posts) == 1 for fate in self.fates.values())

    @property
    def latest(self) -> float:
        """Seconds from the end of the outage to the last delivery."""
        return max(post.at for fate in self.fates.values() for post in fate.posts) - DOWN

    def cells(self) -> Iterable[str]:
        counts = (self.runs, self.redrives["moved"], self.hops_while_down, self.redrives["probes"])
        return (
            self.day.name,
            f"{len(self.fates):,}",
            f"{self.delivered:,}",
            "; ".join(self.parked) or "0",
            *(f"{count:,}" for count in (*counts, self.requests, self.refused)),
            f"after {self.latest / MINUTE:.0f} min",
            f"{self.billed:,.0f}",
        )

    def broken_bounds(self) -> Iterable[str]:
        """A sentence for each bound that does not hold."""
        others = [fate for token, fate in self.fates.items() if token != self.crasher]
        if any(len(fate.posts) != 1 or fate.dead or fate.queued for fate in others):
            yield f"{self.day.name}: not every alert was delivered once"
        if self.parked != (("keeps_failing, 3 hops",) if self.crasher else ()):
            yield f"{self.day.name}: parked are {self.parked}"
        if self.latest > HOUR:
            yield f"{self.day.name}: the last delivery came after {self.latest:.0f} s"
        if self.refused > DOWN / MINUTE:
            yield f"{self.day.name}: {self.refused} refused requests, more than one a minute"


HALF_DAYS = (
    HalfDay("answers 503", UNAVAILABLE),
    HalfDay("answers 429", throttled()),
    HalfDay("takes no connection", NOT_CONNECTED),
    HalfDay("answers 503, and nothing new comes", UNAVAILABLE, AT_ONCE),
    HalfDay("answers 503, and one alert kills the function", UNAVAILABLE, has_crasher=True),
)


def results() -> list[Result]:
    with silence():
        return [day.play() for day in HALF_DAYS]


def table(found: Iterable[Result]) -> str:
    return markdown(COLUMNS, (result.cells() for result in found))
