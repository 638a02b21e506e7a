import json
from typing import Any

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.cost import dollars
from notifications.line import line
from notifications.models import Notification, Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

GLOBAL = "(111122223333, us-east-1)"
LINES = {
    "budget-actual.txt": "🟠 ACTUAL Budget shop-monthly: Cost $850.12 > $800.00, budget $1,000.00 (111122223333)",
    "budget-forecast.txt": (
        "🟡 FORECASTED Budget shop-monthly: Cost $1,134.50 > $1,000.00, budget $1,000.00 (111122223333)"
    ),
    "budget-utilization.txt": "🟠 ACTUAL Budget ri-use: RI Utilization 61% < 80%, budget 100% (111122223333)",
    "cost-anomaly.json": (
        "🔴 ANOMALY Cost of AWS Lambda: $48.22 more than expected, EU-Lambda-GB-Second in eu-west-1, "
        f"account shop-prod 444455556666 {GLOBAL}"
    ),
    "cost-anomaly-sns.json": (
        "🔴 ANOMALY Cost of Amazon Elastic Compute Cloud - Compute: $1,001.00 more than expected (+333.7 "
        "%), EU-BoxUsage:c6i.4xlarge in eu-west-1, account shop-prod 444455556666 ($601.25) (+1 more) "
        "(111122223333)"
    ),
    "savings-plan-failed.json": (
        "🟠 PAYMENT-FAILED Savings Plan 07ec53ab-91c3-4ac5-bde6-79fd53192252: PaymentUnsuccessful, was "
        f"payment-pending {GLOBAL}"
    ),
    "savings-plan-retiring.json": (
        "🔔 ACTIVE Savings Plan 07ec53ab-91c3-4ac5-bde6-79fd53192252 (+1 more): retired in 7 days "
        f"(2026-02-07) {GLOBAL}"
    ),
    "savings-plan-active.json": (
        f"🔔 ACTIVE Savings Plan 07ec53ab-91c3-4ac5-bde6-79fd53192252: PaymentSuccessful, was payment-pending {GLOBAL}"
    ),
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


def changed(sample: str, **fields: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    return parse(record(json.dumps(json.loads((SAMPLES / sample).read_text(encoding="utf-8")) | fields)))


@pytest.mark.parametrize(
    ("amount", "expected"), [(None, ""), (1001, "$1,001.00"), (0.5, "$0.50"), (1234567.891, "$1,234,567.89")]
)
def test_money_has_two_decimals(amount: float | None, expected: str) -> None:
    assert dollars(amount) == expected


@pytest.mark.parametrize(
    ("sample", "severity"), [("budget-actual.txt", Severity.HIGH), ("budget-forecast.txt", Severity.MEDIUM)]
)
def test_a_forecast_is_less_urgent_than_money_that_is_spent(sample: str, severity: Severity) -> None:
    said = notification_of(SAMPLES / sample)
    assert (said.severity, said.status, said.account) == (severity, Status.FIRING, "111122223333")


def test_a_budget_text_without_fields_still_says_what_it_is() -> None:
    assert line(parse(record("AWS Budget Notification January 31, 2026"))) == "🔴 BUDGET Budget: threshold passed"


def test_the_event_and_the_sns_message_of_one_anomaly_are_twins_until_it_grows() -> None:
    message = json.loads((SAMPLES / "cost-anomaly-sns.json").read_text(encoding="utf-8"))
    event = {"source": "aws.ce", "detail-type": "Anomaly Detected", "detail": message}
    first, second = (parse(record(json.dumps(one))) for one in (message, event))
    grown = changed("cost-anomaly-sns.json", impact={"totalImpact": 2000})
    assert first.identity
    assert first.identity == second.identity != grown.identity


def test_each_cause_of_an_anomaly_is_listed() -> None:
    assert notification_of(SAMPLES / "cost-anomaly-sns.json").reason.splitlines() == [
        "EU-BoxUsage:c6i.4xlarge in eu-west-1, account shop-prod 444455556666 ($601.25)",
        "EU-NatGateway-Bytes in eu-west-1, account build 111122223333 ($399.75)",
    ]


def test_the_misspelt_detail_type_of_the_documentation_is_a_savings_plan_too() -> None:
    said = changed("savings-plan-retiring.json", **{"detail-type": "Savings Plans State Changange Alert"})
    assert said.summary == "retired in 7 days (2026-02-07)"
