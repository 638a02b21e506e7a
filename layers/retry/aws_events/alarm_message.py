"""The JSON that CloudWatch publishes to SNS -> Alarm. A missing or mistyped field is left empty.

Fields: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections.abc import Mapping

from aws_events.alarm import Alarm, AlarmState, Child, Query, Trigger
from aws_events.alarm_reading import read_reason
from aws_events.loose_json import dict_of, list_of, number_of, text_of, whole_of
from aws_events.timestamps import datetime_of


def is_alarm_message(message: Mapping[str, object]) -> bool:
    """Return whether this is a state change of an alarm, as SNS carries it."""
    return isinstance(message.get("AlarmName"), str) and text_of(message.get("NewStateValue")) in STATES


STATES = frozenset(state.value for state in AlarmState)


def read_alarm_message(message: Mapping[str, object]) -> Alarm:
    """Return the alarm of a message for which is_alarm_message holds."""
    arn, reason = text_of(message.get("AlarmArn")), text_of(message.get("NewStateReason"))
    return Alarm(
        name=text_of(message.get("AlarmName")),
        state=AlarmState(message.get("NewStateValue")),
        old_state=text_of(message.get("OldStateValue")),
        reason=reason,
        description=text_of(message.get("AlarmDescription")),
        account=text_of(message.get("AWSAccountId")),
        region=region_of(arn) or text_of(message.get("Region")),
        arn=arn,
        changed_at=datetime_of(message.get("StateChangeTime")),
        trigger=_trigger(dict_of(message.get("Trigger"))),
        reading=read_reason(reason, message.get("NewStateReasonData")),
        rule=text_of(message.get("AlarmRule")),
        children=tuple(map(_child, list_of(message.get("TriggeringChildren")))),
        log_groups=tuple(map(text_of, list_of(message.get("LogGroups")))),
        log_query=text_of(message.get("QueryString")),
        promql=text_of(dict_of(dict_of(message.get("EvaluationCriteria")).get("PromQLCriteria")).get("Query")),
        contributor=attributes_of(message.get("AlarmContributorAttributes")),
        contributor_id=text_of(message.get("AlarmContributorId")),
    )


def attributes_of(value: object) -> tuple[tuple[str, str], ...]:
    """Return the pairs of an object whose values are texts."""
    return tuple((name, text_of(one)) for name, one in dict_of(value).items())


def region_of(arn: str) -> str:
    """Return the Region of arn:partition:cloudwatch:region:account:alarm:name."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - the Region is the fourth part


def _trigger(trigger: Mapping[str, object]) -> Trigger | None:
    band = text_of(trigger.get("ThresholdMetricId"))
    queries = [dict_of(query) for query in list_of(trigger.get("Metrics"))]
    if not queries and "MetricName" not in trigger:
        return None
    bands = [text_of(query.get("Expression")) for query in queries if band and query.get("Id") == band]
    return Trigger(
        queries=tuple(_query(query, band) for query in queries) or (_metric(trigger),),
        operator=text_of(trigger.get("ComparisonOperator")),
        threshold=number_of(trigger.get("Threshold")),
        periods=whole_of(trigger.get("EvaluationPeriods")),
        datapoints=whole_of(trigger.get("DatapointsToAlarm")),
        band=bands[0] if bands else "",
    )


def _metric(trigger: Mapping[str, object]) -> Query:
    return Query(
        namespace=text_of(trigger.get("Namespace")),
        metric=text_of(trigger.get("MetricName")),
        statistic=text_of(trigger.get("ExtendedStatistic")) or text_of(trigger.get("Statistic")),
        unit=text_of(trigger.get("Unit")),
        period=whole_of(trigger.get("Period")),
        dimensions=_dimensions(trigger.get("Dimensions")),
        is_watched=True,
    )


def _query(query: Mapping[str, object], band: str) -> Query:
    stat = dict_of(query.get("MetricStat"))
    metric = dict_of(stat.get("Metric"))
    return Query(
        id=text_of(query.get("Id")),
        label=text_of(query.get("Label")),
        expression=text_of(query.get("Expression")),
        namespace=text_of(metric.get("Namespace")),
        metric=text_of(metric.get("MetricName")),
        statistic=text_of(stat.get("Stat")),
        unit=text_of(stat.get("Unit")),
        period=whole_of(stat.get("Period")) or whole_of(query.get("Period")),
        account=text_of(query.get("AccountId")),
        dimensions=_dimensions(metric.get("Dimensions")),
        is_watched=query.get("ReturnData") is True and text_of(query.get("Id")) != band,
    )


def _child(value: object) -> Child:
    """Read a name, as the documentation has it, or {"Arn": …, "State": {"Value": …}}, as CloudWatch sends it."""
    child, state = dict_of(value), dict_of(dict_of(value).get("State"))
    name = text_of(value) or text_of(child.get("Arn"))
    return Child(name, text_of(state.get("Value")), datetime_of(state.get("Timestamp")))


def _dimensions(value: object) -> tuple[tuple[str, str], ...]:
    """Read [{"name": …, "value": …}]; emulators of CloudWatch write Name and Value."""
    lowered = [{key.lower(): one for key, one in dict_of(pair).items()} for pair in list_of(value)]
    return tuple((text_of(pair.get("name")), text_of(pair.get("value"))) for pair in lowered)
