"""Routes by each field that is no alarm's name, and an event that only its route fits."""

from dataclasses import dataclass

from tests.support.samples.events import EVENTS, alarm_message

OTHER_ACCOUNT = "444455556666"


@dataclass(frozen=True)
class RoutedEvent:
    """An event for one route. The name in it is visible in Slack."""

    match: dict[str, object]
    sample: str = ""
    word: str = ""
    """The text of the sample that the name replaces."""

    @property
    def destination(self) -> str:
        return "by-" + "-".join(self.match).replace("_", "-")

    @property
    def route(self) -> dict[str, object]:
        return {"match": self.match, "destination": self.destination}

    def text(self, name: str) -> str:
        return (EVENTS / "kinds" / self.sample).read_text(encoding="utf-8").replace(self.word, name)


@dataclass(frozen=True)
class RoutedAlarm(RoutedEvent):
    def text(self, name: str) -> str:
        fields = {"AlarmDescription": "Severity: critical"} if "severity" in self.match else {}
        account = {"AWSAccountId": OTHER_ACCOUNT} if "account" in self.match else {}
        return alarm_message(AlarmName=name, **fields, **account)


ROUTED = (
    RoutedAlarm({"severity": "critical"}),
    RoutedAlarm({"account": OTHER_ACCOUNT}),
    RoutedEvent({"source": "aws.guardduty"}, "guardduty-finding.json", "i-0a1b2c3d4e5f60718"),
    RoutedEvent({"detail_type": "CodeBuild *"}, "codebuild-failed.json", "shop"),
    RoutedEvent({"resource": "routed-*"}, "rds-failover.json", "orders-db"),
    RoutedEvent({"tags": {"TableName": "routed-*"}}, "alarm-contributor.json", "orders"),
)
