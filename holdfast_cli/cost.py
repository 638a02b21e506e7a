"""`python -m holdfast_cli.cost`: print the cost of a stack, the tables of docs/cost.md."""

from collections.abc import Mapping

DAYS = 30
MONTHS = (0, 1_000, 100_000)
MILLION = 1_000_000
MEMORY_GB = 0.5
PRICES: Mapping[str, float] = {
    "alarm": 0.10,
    "metric": 0.30,
    "log KB": 0.50e-6,
    "Lambda request": 0.20e-6,
    "Lambda second": MEMORY_GB * 13.3334e-6,  # arm64
    "SQS request": 0.40e-6,
    "SQS FIFO request": 0.50e-6,
    "SNS publication": 0.50e-6,
    "DynamoDB write": 0.625e-6,
    "DynamoDB read": 0.125e-6,
    "KMS request": 3.0e-6,
    "dashboard": 3.00,
    "schedule": 1.0e-6,
}
"""US dollars, us-east-1, January 2026. Standard parameters of SSM are free."""

type Usage = Mapping[str, float]
"""Paid amounts, by the name of their price."""

LOG_KB = 2.5
"""Log and metric lines of an alert, estimated."""
STEADY: dict[str, float] = {
    "SNS publication": 1,
    "SQS request": 3,
    "SQS FIFO request": 4,
    "Lambda request": 2,
    "Lambda second": 0.139,
    "DynamoDB write": 2.322,
    "DynamoDB read": 1.322,
    "KMS request": 0.033,
    "log KB": LOG_KB,
}
"""Usage of an alert that is alone in its batch, one every 10 s, counted by benchmarks/usage.py."""
STORM: Usage = {
    "SNS publication": 1,
    "SQS request": 1.2,
    "SQS FIFO request": 0.4,
    "Lambda request": 0.2,
    "Lambda second": 0.108,
    "DynamoDB write": 2.006,
    "DynamoDB read": 0.106,
    "KMS request": 0.002,
    "log KB": LOG_KB,
}
"""Usage of an alert among 1,000 that are published at once to one channel, counted in the same way."""
ALARMS = 25
METRICS = 13
"""Series of a month in which Slack fails at times: Moved of intake; of slack_alerts Delivered, DeliveryLatency, Skipped
by two reasons, Later by four, OldestUndelivered, SecondsWaited and Retries; LanesWaiting of notices."""
HEARTBEATS = DAYS * 24 * 4
REDRIVES = DAYS * 24 * 4
NOTICES = DAYS * 24 * 12
POLLS = 5 * 3 * 60 * 24 * DAYS
"""Five concurrent long polls of up to 20 s on an empty queue."""
SELF_TEST: Usage = STEADY | {"schedule": 1, "DynamoDB read": STEADY["DynamoDB read"] + 3}
"""A heartbeat or a test alarm costs as much as an alert at most. It is not posted, but reads the times of the last."""
REDRIVE: Usage = {
    "schedule": 1,
    "Lambda request": 1,
    "Lambda second": 2.3,
    "SQS request": 1,
    "SQS FIFO request": 1,
    "DynamoDB write": 3,
}
"""A redrive that finds nothing: a long poll of each dead-letter queue, and sometimes a cold start. A put that finds an
old lease, its replacement, and its release are three writes."""
NOTICE: Usage = {
    "schedule": 1,
    "Lambda request": 1,
    "Lambda second": 0.5,
    "SQS request": 4,
    "SQS FIFO request": 3,
    "DynamoDB read": 4,
}
"""A run of notices that finds nothing: the depth and one receive of each of three queues, and a cursor for each; the
depth of LanesQueue, and the row of the last muted alert."""


def dollars(usage: Usage) -> dict[str, float]:
    """Return the dollars by the name of the price."""
    return {name: number * PRICES[name] for name, number in usage.items()}


def items(alerts: int) -> dict[str, float]:
    """Return the dollars of a month with this number of alerts, by item."""
    return {
        f"alarms ({ALARMS})": ALARMS * PRICES["alarm"],
        "dashboard": PRICES["dashboard"],
        f"metrics ({METRICS})": METRICS * PRICES["metric"],
        "polling empty queues": POLLS * (PRICES["SQS request"] + PRICES["SQS FIFO request"]),
        "alerts": alerts * sum(dollars(STEADY).values()),
        "heartbeats and test alarms": (HEARTBEATS + DAYS) * sum(dollars(SELF_TEST).values()),
        "redrive of nothing": REDRIVES * sum(dollars(REDRIVE).values()),
        "notice of nothing": NOTICES * sum(dollars(NOTICE).values()),
    }


def month_rows() -> str:
    """Return the rows of a month in docs/cost.md."""
    months = [items(alerts) for alerts in MONTHS]
    rows = [f"| {name} | {' | '.join(f'{month[name]:.2f}' for month in months)} |" for name in months[0]]
    return "\n".join([*rows, f"| **in all** | {' | '.join(f'**{sum(month.values()):.2f}**' for month in months)} |"])


def million_rows() -> str:
    """Return the rows of a million alerts in docs/cost.md: number and dollars, alone and in a storm."""
    alone, storm = dollars(STEADY), dollars(STORM)
    rows = [
        f"| {name} | {STEADY[name]:g} | {alone[name] * MILLION:.2f} | {STORM[name]:g} | {storm[name] * MILLION:.2f} |"
        for name in STEADY
    ]
    totals = [sum(one.values()) * MILLION for one in (alone, storm)]
    return "\n".join([*rows, f"| **in all** | | **{totals[0]:.2f}** | | **{totals[1]:.2f}** |"])


if __name__ == "__main__":
    print(month_rows(), million_rows(), sep="\n\n")
