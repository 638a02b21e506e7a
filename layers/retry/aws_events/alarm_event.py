"""An alarm as EventBridge sends it, or as CloudWatch passes it to a Lambda function -> Alarm.

Fields: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from collections.abc import Mapping

from aws_events.alarm import Alarm, AlarmState, Child, Query, Trigger
from aws_events.alarm_message import STATES, attributes_of, region_of
from aws_events.alarm_reading import operator_of, read_reason
from aws_events.loose_json import dict_of, list_of, load, number_of, text_of, whole_of
from aws_events.timestamps import datetime_of

STATE_CHANGES = frozenset({"CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"})


def is_alarm_event(event: Mapping[str, object]) -> bool:
    """Return whether this is a state change of an alarm from EventBridge, or the event of a Lambda action."""
    is_change = event.get("source") == "aws.cloudwatch" and event.get("detail-type") in STATE_CHANGES
    detail = _detail(event)
    state = text_of(dict_of(detail.get("state")).get("value"))
    return (is_change or "alarmData" in event) and isinstance(detail.get("alarmName"), str) and state in STATES


def read_alarm_event(event: Mapping[str, object]) -> Alarm:
    """Return the alarm of an event for which is_alarm_event holds."""
    detail = _detail(event)
    state, before = dict_of(detail.get("state")), dict_of(detail.get("previousState"))
    configuration, contributor = dict_of(detail.get("configuration")), dict_of(detail.get("alarmContributor"))
    arns = [text_of(event.get("alarmArn")), *map(text_of, list_of(event.get("resources")))]
    arn = next(filter(None, arns), "")
    reason = text_of(state.get("reason"))
    return Alarm(
        name=text_of(detail.get("alarmName")),
        state=AlarmState(state.get("value")),
        old_state=text_of(before.get("value")),
        reason=reason,
        description=text_of(configuration.get("description")),
        account=text_of(event.get("account")) or text_of(event.get("accountId")),
        region=region_of(arn) or text_of(event.get("region")),
        arn=arn,
        changed_at=datetime_of(state.get("timestamp")),
        in_old_state_since=datetime_of(before.get("timestamp")),
        trigger=_trigger(configuration, reason),
        reading=read_reason(reason, state.get("reasonData")),
        rule=text_of(configuration.get("alarmRule")),
        children=tuple(map(_child, list_of(_reason_data(state).get("triggeringAlarms")))),
        log_groups=tuple(map(text_of, list_of(configuration.get("logGroups")))),
        log_query=text_of(configuration.get("queryString")),
        promql=text_of(dict_of(dict_of(configuration.get("evaluationCriteria")).get("promQLCriteria")).get("query")),
        contributor=attributes_of(contributor.get("attributes")),
        contributor_id=text_of(contributor.get("id")),
    )


def _detail(event: Mapping[str, object]) -> Mapping[str, object]:
    return dict_of(event.get("alarmData")) or dict_of(event.get("detail"))


def _reason_data(state: Mapping[str, object]) -> Mapping[str, object]:
    data = state.get("reasonData")
    try:
        return dict_of(load(data)) if isinstance(data, str) else dict_of(data)
    except ValueError:
        return {}


def _trigger(configuration: Mapping[str, object], reason: str) -> Trigger | None:
    """Return the rule; the events have no comparison, so it is read from the reason."""
    metrics = [dict_of(one) for one in list_of(configuration.get("metrics"))]
    if not metrics:
        return None
    bands = [text_of(one.get("expression")) for one in metrics if _is_band(one)]
    return Trigger(
        queries=tuple(map(_query, metrics)),
        operator=text_of(configuration.get("comparisonOperator")) or operator_of(reason),
        threshold=number_of(configuration.get("threshold")),
        periods=whole_of(configuration.get("evaluationPeriods")),
        datapoints=whole_of(configuration.get("datapointsToAlarm")),
        band=bands[0] if bands else "",
    )


def _is_band(metric: Mapping[str, object]) -> bool:
    return text_of(metric.get("expression")).lstrip().startswith("ANOMALY_DETECTION_BAND")


def _query(metric: Mapping[str, object]) -> Query:
    stat = dict_of(metric.get("metricStat"))
    of = dict_of(stat.get("metric"))
    return Query(
        id=text_of(metric.get("id")),
        label=text_of(metric.get("label")),
        expression=text_of(metric.get("expression")),
        namespace=text_of(of.get("namespace")),
        metric=text_of(of.get("name")),
        statistic=text_of(stat.get("stat")),
        unit=text_of(stat.get("unit")),
        period=whole_of(stat.get("period")) or whole_of(metric.get("period")),
        account=text_of(metric.get("accountId")),
        dimensions=attributes_of(of.get("dimensions")),
        is_watched=metric.get("returnData") is True and not _is_band(metric),
    )


def _child(value: object) -> Child:
    child, state = dict_of(value), dict_of(dict_of(value).get("state"))
    return Child(text_of(child.get("arn")), text_of(state.get("value")), datetime_of(state.get("timestamp")))
