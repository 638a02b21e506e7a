"""`python -m holdfast_cli.cost`: print the monthly cost of a stack by item, the table of docs/cost.md."""

from collections.abc import Mapping

DAYS = 30
MONTHS = (0, 1_000, 100_000)
PRICES: Mapping[str, float] = {
    "alarm": 0.10,
    "metric": 0.30,
    "log GB": 0.50,
    "Lambda request": 0.20e-6,
    "Lambda GB-second": 13.3334e-6,  # arm64
    "SQS request": 0.40e-6,
    "SQS FIFO request": 0.50e-6,
    "SNS publication": 0.50e-6,
    "DynamoDB write": 0.625e-6,
    "DynamoDB read": 0.125e-6,
    "SSM request": 0.0,  # standard parameters
    "KMS request": 3.0e-6,
    "dashboard": 3.00,
    "schedule": 1.0e-6,
}
"""US dollars, us-east-1, January 2026."""

ALARMS = 25
METRICS = 12
"""Series of a month in which Slack fails at times: Moved of intake; of slack_alerts Delivered, DeliveryLatency, Skipped
by two reasons, Later by four, OldestUndelivered, SecondsWaited and Retries."""
HEARTBEATS = DAYS * 24 * 4
REDRIVES = DAYS * 24 * 4
NOTICES = DAYS * 24 * 12
REDRIVE_SECONDS = 2.3
"""The time of a redrive that finds nothing: a long poll of each dead-letter queue, and sometimes a cold start."""
NOTICE_SECONDS = 0.5
"""The time of a run of notices that finds nothing."""
POLLS = 5 * 3 * 60 * 24 * DAYS
"""Five concurrent long polls of up to 20 s on an empty queue."""
SECONDS = 0.8
"""The time of both functions, with 0.5 GB each, for an alert that is alone in its batch."""
LOG_GB = 2.5e-6
"""Log and metric lines of one record."""


def items(alerts: int) -> dict[str, float]:
    """Return the dollars of a month with this number of alerts, by item."""
    records = alerts + HEARTBEATS + DAYS
    return {
        f"alarms ({ALARMS})": ALARMS * PRICES["alarm"],
        "dashboard": PRICES["dashboard"],
        f"metrics ({METRICS})": METRICS * PRICES["metric"],
        "polling empty queues": POLLS * (PRICES["SQS request"] + PRICES["SQS FIFO request"]),
        # A record is sent, received and deleted in each of two queues.
        "SNS and SQS": records
        * (PRICES["SNS publication"] + 3 * PRICES["SQS request"] + 3 * PRICES["SQS FIFO request"]),
        "Lambda": records * (2 * PRICES["Lambda request"] + SECONDS * 0.5 * PRICES["Lambda GB-second"]),
        # intake reads and writes the time of its last success. A lane reads its row; a claim and its commit are two
        # writes. A heartbeat reads the time of the last heartbeat once more and that of the test alarm twice.
        "DynamoDB": records * 2 * (PRICES["DynamoDB read"] + PRICES["DynamoDB write"])
        + alerts * PRICES["DynamoDB write"]
        + HEARTBEATS * 3 * PRICES["DynamoDB read"],
        # Three writes: a put that finds an old lease, its replacement, and its release.
        "redrive of nothing": REDRIVES
        * (
            PRICES["schedule"]
            + PRICES["Lambda request"]
            + REDRIVE_SECONDS * 0.5 * PRICES["Lambda GB-second"]
            + PRICES["SQS request"]
            + PRICES["SQS FIFO request"]
            + 3 * PRICES["DynamoDB write"]
        ),
        # The depth and one receive of each of three queues, and a cursor for each.
        "notice of nothing": NOTICES
        * (
            PRICES["schedule"]
            + PRICES["Lambda request"]
            + NOTICE_SECONDS * 0.5 * PRICES["Lambda GB-second"]
            + 4 * PRICES["SQS request"]
            + 2 * PRICES["SQS FIFO request"]
            + 3 * PRICES["DynamoDB read"]
        ),
        "log": records * LOG_GB * PRICES["log GB"],
        "reading the secret": records * PRICES["KMS request"],
        "schedules": (HEARTBEATS + DAYS) * PRICES["schedule"],
    }


def table() -> str:
    """Return the rows of docs/cost.md."""
    months = [items(alerts) for alerts in MONTHS]
    rows = [f"| {name} | {' | '.join(f'{month[name]:.2f}' for month in months)} |" for name in months[0]]
    return "\n".join([*rows, f"| **in all** | {' | '.join(f'**{sum(month.values()):.2f}**' for month in months)} |"])


if __name__ == "__main__":
    print(table())
