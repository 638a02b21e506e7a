"""A CloudWatch alarm at the moment of a state change, independent of the message that carried it."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

SEVERITY = re.compile(r"(?im)^[ \t]*severity[ \t]*[:=][ \t]*([A-Za-z0-9._-]{1,64})[ \t]*$")


class AlarmState(Enum):
    """The three states of CloudWatch."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A metric or an expression of an alarm; a plain alarm has one metric."""

    id: str = ""
    label: str = ""
    expression: str = ""
    """Metric math, a Metrics Insights query, or the band of an anomaly; "" for a metric."""
    namespace: str = ""
    metric: str = ""
    statistic: str = ""
    unit: str = ""
    period: int | None = None
    """Seconds."""
    account: str = ""
    """The metric's account if it differs from the alarm's."""
    dimensions: tuple[tuple[str, str], ...] = ()
    is_watched: bool = False
    """Whether the alarm compares its value with the threshold."""

    @property
    def name(self) -> str:
        """The label, the metric's name or the expression."""
        return self.label or self.metric or self.expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The rule of a metric alarm. A number is None if the message does not name it."""

    queries: tuple[Query, ...]
    operator: str
    threshold: float | None
    periods: int | None
    """Periods that are evaluated."""
    datapoints: int | None
    """Datapoints in these periods that must cross the threshold."""
    band: str = ""
    """The expression whose band takes the threshold's place, in an anomaly alarm."""

    @property
    def watched(self) -> Query:
        """The query whose value is compared with the threshold."""
        return next((one for one in self.queries if one.is_watched), self.queries[0] if self.queries else Query())

    @property
    def dimensions(self) -> tuple[tuple[str, str], ...]:
        """The dimensions of the watched metric, or of the first metric of its expression."""
        metrics = (self.watched, *self.queries)
        return next((one.dimensions for one in metrics if one.dimensions), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The datapoints that changed the state."""

    values: tuple[float, ...] = ()
    """The newest first."""
    threshold: float | None = None
    lower: float | None = None
    upper: float | None = None
    """The newest limits of an anomaly's band."""
    breaching: int | None = None
    evaluated: int | None = None
    """`breaching` out of the last `evaluated` datapoints."""
    unit: str = ""
    period: int | None = None
    is_missing: bool = False
    """Whether datapoints were missing and treated as breaching."""


@dataclass(frozen=True, slots=True)
class Child:
    """An alarm that triggered a composite alarm."""

    arn: str
    """The ARN, or the name only."""
    state: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A CloudWatch alarm at the moment of a state change."""

    name: str
    state: AlarmState
    old_state: str = ""
    reason: str = ""
    description: str = ""
    account: str = ""
    region: str = ""
    """The code (eu-west-1) if the ARN names it, else CloudWatch's display name."""
    arn: str = ""
    changed_at: datetime | None = None
    in_old_state_since: datetime | None = None
    """None in SNS messages, which do not name it."""
    trigger: Trigger | None = None
    reading: Reading = Reading()
    rule: str = ""
    """The rule of a composite alarm."""
    children: tuple[Child, ...] = ()
    log_groups: tuple[str, ...] = ()
    log_query: str = ""
    """The query that a log alarm runs on `log_groups`."""
    promql: str = ""
    contributor: tuple[tuple[str, str], ...] = ()
    """The attributes that distinguish this time series from the others of the same alarm."""
    contributor_id: str = ""

    @property
    def identity(self) -> str:
        """The same for each message about one change of one alarm; "" if the message does not name account and time."""
        if not self.account or self.changed_at is None:
            return ""
        moment = self.changed_at.astimezone(UTC).isoformat()
        return json.dumps(["alarm", *self._subject, self.state.value, moment])

    @property
    def subject(self) -> str:
        """The same for each change of one alarm, or of one contributor; "" if the change has no identity."""
        return json.dumps(["alarm", *self._subject]) if self.identity else ""

    @property
    def _subject(self) -> list[object]:
        return [self.account, self.region, self.name, [self.contributor_id, sorted(self.contributor)]]

    @property
    def severity(self) -> str:
        """The word in a line `Severity: high` of the description: CloudWatch has no field for it."""
        found = SEVERITY.search(self.description)
        return found[1] if found else ""


class NotAnAlarm(ValueError):
    """The text is something other than a CloudWatch alarm's state change."""
