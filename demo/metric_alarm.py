"""A CloudWatch metric alarm whose action is the topic, and the data that make it ring and recover."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

NAMESPACE = "Holdfast/Demo"
THRESHOLD = 60.0


def unique_name(what: str) -> str:
    """Name that no other alarm has: the local AWS tells metrics apart by name alone."""
    return f"{what}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class MetricAlarm:
    """One alarm over one metric of the same name."""

    cloudwatch: "CloudWatchClient"
    name: str

    def create(self, topic_arn: str, description: str, *, says_recovery: bool = False) -> None:
        """Create it with the topic as its action: on ALARM, and on OK if it says its recovery too."""
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

    def ring(self) -> None:
        """Put a datum over the threshold."""
        self._put([THRESHOLD * 1.5])

    def recover(self) -> None:
        """Put data that bring the average under the threshold again."""
        self._put([1.0, 1.0])

    def _put(self, values: list[float]) -> None:
        data = [{"MetricName": self.name, "Value": value} for value in values]
        self.cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)  # type: ignore[arg-type] # plain dicts
