"""A CloudWatch metric alarm with the topic as its action, and the data that trigger and resolve it."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

NAMESPACE = "Holdfast/Demo"
THRESHOLD = 60.0


def unique_name(prefix: str) -> str:
    """Return a name of its own: the local AWS distinguishes metrics by name only."""
    return f"{prefix}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class MetricAlarm:
    """An alarm on a metric of the same name."""

    cloudwatch: "CloudWatchClient"
    name: str

    def create(self, topic_arn: str, description: str, *, says_recovery: bool = False) -> None:
        """Create the alarm with the topic as its action on ALARM, and on OK if `says_recovery`."""
        self.cloudwatch.put_metric_alarm(
            AlarmName=self.name,
            AlarmDescription=description,
            AlarmActions=[topic_arn],
            OKActions=[topic_arn] if says_recovery else [],
            Namespace=NAMESPACE,
            MetricName=self.name,
            Statistic="Average",
            Period=300,
            EvaluationPeriods=1,
            Threshold=THRESHOLD,
            ComparisonOperator="GreaterThanThreshold",
        )

    def trigger(self) -> None:
        """Put a value above the threshold."""
        self._put([THRESHOLD * 1.5])

    def recover(self) -> None:
        """Put values that lower the average below the threshold."""
        self._put([1.0, 1.0])

    def _put(self, values: list[float]) -> None:
        data = [{"MetricName": self.name, "Value": value} for value in values]
        self.cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)  # type: ignore[arg-type] # plain dicts
