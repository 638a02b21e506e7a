"""The paid usage of an alert, counted in virtual time: alone in its batch, and in a storm."""

from collections.abc import Mapping

from benchmarks.load import Load, Played, play
from holdfast_cli.cost import LOG_KB, Usage

STEADY = Load(alerts=180, every=10.0)
"""Half an hour of alerts that are alone in their batches; the functions keep running."""
STORM = Load(alerts=1_000)
PRICED: Mapping[str, tuple[str, ...]] = {
    "SNS publication": ("sns.publish",),
    "SQS request": ("alerts.send", "alerts.receive", "alerts.delete"),
    "SQS FIFO request": ("sqs.send_message_batch", "lanes.receive", "sqs.delete_message_batch", "lanes.delete"),
    "Lambda request": ("intake.invoke", "slack_alerts.invoke"),
    "DynamoDB write": ("table.swap", "table.remove"),
    "DynamoDB read": ("table.read",),
    "KMS request": ("secret.read",),
}
"""Price -> calls."""
FREE = {"", "slack.post", "ssm.read"}
"""The sum of all calls, and calls that cost nothing."""


def usage(load: Load) -> Usage:
    """Return the usage of one alert of the load."""
    return {name: round(number / load.alerts, 3) for name, number in paid(play(load)).items()} | {"log KB": LOG_KB}


def paid(played: Played) -> dict[str, float]:
    """Return the usage of the whole load, without its log. Raise ValueError for a call that has no price."""
    priced = {call for calls in PRICED.values() for call in calls} | FREE
    if unknown := played.calls.keys() - priced:
        raise ValueError(f"calls without a price: {sorted(unknown)}")
    counted = {name: sum(played.calls[call] for call in calls) for name, calls in PRICED.items()}
    return counted | {"Lambda second": played.billed}
