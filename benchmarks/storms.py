"""Storms, outages of Slack and faults of our own, played in virtual time.

The functions' own steps, the template's settings, and a virtual SQS, Lambda, table and Slack.
"""

from collections.abc import Callable
from dataclasses import replace

from benchmarks.scenario import DAY, HOUR, MINUTE, Scenario
from tests.support.virtual import slack_behaviours as slack
from tests.support.virtual.faults import DENIED, Failure
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.table import table_down


def slack_is(behaviour: slack.Behaviour) -> Callable[[SlackAlerts, float], None]:
    return lambda stack, end: stack.slack.down(0.0, end, behaviour)


def aws_is(service: str, failure: Failure, operation: str = "") -> Callable[[SlackAlerts, float], None]:
    return lambda stack, end: stack.services[service].faults.down(0.0, end, failure, operation)


def switched_off(stage: int) -> Callable[[SlackAlerts, float], None]:
    """Disable the event source mapping of intake (0) or of slack_alerts (1)."""

    def inject(stack: SlackAlerts, end: float) -> None:
        mapping = stack.stages[stage].mapping
        mapping.disable()
        stack.world.at(end, mapping.enable)

    return inject


STORMS = [
    Scenario(f"storm, Retry-After {seconds:.0f} s", alerts, retry_after=seconds, has_other=True)
    for alerts, seconds in ((1_000, 1.0), (10_000, 1.0), (50_000, 1.0), (3_000, 30.0), (10_000, 30.0))
]
OUTAGES = {
    "503": slack.UNAVAILABLE,
    "no connection": slack.NOT_CONNECTED,
    "silence": slack.unanswered(posts=False),
    "posts and silence": slack.unanswered(posts=True),
    "posts and 500": slack.broken(posts=True),
    "429": slack.throttled(),
}
LENGTHS = (10 * MINUTE, 3 * HOUR, 12 * HOUR, 5 * DAY)
SLACK_OUTAGES = [
    Scenario(f"Slack: {name}", 2_000, slack_is(behaviour), seconds)
    for name, behaviour in OUTAGES.items()
    for seconds in LENGTHS
]
OURS = Scenario("", 96, seconds=2 * DAY, every=30 * MINUTE, has_alarms=True)
OWN_FAULTS = [
    replace(OURS, name="ours: no invocations of intake", inject=switched_off(0)),
    replace(OURS, name="ours: no invocations of slack_alerts", inject=switched_off(1)),
    replace(OURS, name="ours: TLS store broken", inject=slack_is(slack.UNTRUSTED)),
    replace(OURS, name="ours: secret denied", inject=aws_is("ssm", DENIED)),
    replace(OURS, name="ours: LanesQueue denied", inject=aws_is("sqs", DENIED, "send_message_batch")),
    replace(OURS, name="ours: table down", inject=aws_is("table", table_down()), seconds=6 * HOUR, alerts=12),
    replace(
        OURS, name="ours: table denied at once", inject=aws_is("table", table_down(0.0)), seconds=6 * HOUR, alerts=12
    ),
]
SCENARIOS = (*STORMS, *SLACK_OUTAGES, *OWN_FAULTS)
