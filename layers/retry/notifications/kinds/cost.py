"""Costs."""

from notifications.kinds.row import Row
from notifications.matching import event, fields, text

COST = (
    Row(
        "AWS Budgets",
        text(r"AWS Budget Notification"),
        "cost.budget",
        (
            "budget-actual.txt",
            "budget-forecast.txt",
            "budget-utilization.txt",
        ),
    ),
    Row(
        "Cost anomaly",
        event("aws.ce", "Anomaly Detected"),
        "cost.anomaly",
        ("cost-anomaly.json",),
    ),
    Row(
        "Cost anomaly in SNS",
        fields("anomalyId", "rootCauses"),
        "cost.anomaly",
        ("cost-anomaly-sns.json",),
    ),
    Row(
        "Savings Plan",
        event("aws.savingsplans", "Savings Plans State Chang*"),
        "cost.savings_plan",
        (
            "savings-plan-failed.json",
            "savings-plan-retiring.json",
            "savings-plan-active.json",
        ),
    ),
)
