"""Pictures in virtual time. However they fail, alerts and posts are those of a stack without pictures."""

import re
from collections.abc import Callable
from random import Random

import pytest

from slack_alerts.pictures.failure import NoPicture, Reason
from slack_alerts.pictures.pictures import PICTURES_TIME
from tests.conservation.runs import delays, run
from tests.support.virtual.alarm_change import AlarmChange
from tests.support.virtual.pictures import VirtualPictures
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.world import World

ALERTS = 24
WAIT_IN_BURST = 3.0
"""Most seconds that an alert of a burst waits without pictures."""
STATES = ("ALARM", "OK")

type Fault = Callable[[World], Callable[[str], object]]
type Story = dict[str, list[tuple[str, bool, bool]]]
"""By alert: the text of each post, whether it is a reply, and whether the channel shows it."""


def fails(error: BaseException, step: str) -> Fault:
    def fault(name: str) -> None:
        if name == step:
            raise error

    return lambda _world: fault


def dies(step: str) -> Fault:
    return lambda world: lambda name: world.die() if name == step else None


def hangs(step: str) -> Fault:
    """Sleep beyond the function's timeout."""
    return lambda world: lambda name: world.sleep(100.0) if name == step else None


def anything(seed: int) -> Fault:
    """Fail in another way at each step."""
    faults = [fault for _, fault in FAULTS]

    def mixed(world: World) -> Callable[[str], object]:
        rng = Random(seed)  # noqa: S311 - a test
        return lambda name: rng.choice(faults)(world)(name) if rng.random() < 0.7 else None

    return mixed


FAULTS = [
    (f"{step} {kind}", fault)
    for step in ("draw", "upload")
    for kind, fault in [
        *((reason.value, fails(NoPicture(reason), step)) for reason in Reason),
        ("raises", fails(ValueError(), step)),
        ("dies", dies(step)),
        ("hangs", hangs(step)),
    ]
]


def story(fault: Fault | None, seed: int = 7, every: float = 200.0, longest: float = float("inf")) -> tuple[Story, int]:
    """Play changes of two alarms, each posted within `longest` seconds; return the posts and the number of pictures."""
    with World(seed=seed) as world:
        pictures = VirtualPictures(world, fault(world)) if fault else None
        stack = SlackAlerts(world, follow="thread", pictures=pictures)
        for number in range(ALERTS):
            change = AlarmChange(f"alarm_{number % 2}", STATES[number // 2 % 2], number * every)
            stack.publish(number, at=number * every, change=change)
        statuses = run(stack)
        assert len(statuses) == ALERTS
        assert max(delays(statuses)) <= longest
        messages = stack.slack.conversations.messages
        told = {
            token: [
                (one.text, bool(one.place.thread_ts), one.is_in_channel)
                for one in messages
                if re.search(rf"{token}\b", one.text)
            ]
            for token in statuses
        }
        return told, len(pictures.shown) if pictures else 0


@pytest.fixture(scope="module")
def without() -> Story:
    return story(None)[0]


def test_each_alarm_gets_a_picture_and_no_ok(without: Story) -> None:
    told, pictures = story(lambda _world: lambda _step: None)
    assert (told, pictures) == (without, ALERTS / 2)


@pytest.mark.parametrize("fault", [fault for _, fault in FAULTS], ids=[name for name, _ in FAULTS])
def test_a_picture_that_fails_changes_no_post(without: Story, fault: Fault) -> None:
    told, pictures = story(fault)
    assert all(len(posts) == 1 for posts in told.values())
    assert (told, pictures) == (without, 0)


@pytest.mark.parametrize("seed", range(20))
def test_any_mixture_of_failures_changes_no_post(without: Story, seed: int) -> None:
    assert story(anything(seed))[0] == without


@pytest.mark.parametrize("seed", range(5))
def test_in_a_burst_each_alert_is_still_told_once_and_in_time(seed: int) -> None:
    story(None, seed=seed, every=0.5, longest=WAIT_IN_BURST)
    told, _ = story(anything(seed), seed=seed, every=0.5, longest=WAIT_IN_BURST + PICTURES_TIME)
    assert all(len(posts) == 1 for posts in told.values())
