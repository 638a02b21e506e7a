"""The pages that help with an alarm."""

import pytest

from notifications.models import Notification
from tests.support.samples.notifications import changed, read_sample

CLOUDWATCH = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#"
WINDOW = "start~'2026-01-30T23*3a14*3a41.000Z~end~'2026-01-31T02*3a44*3a41.000Z"


def links(said: Notification) -> dict[str, str]:
    return {link.words: link.url for link in said.links}


def watching(**dimensions: str) -> dict[str, str]:
    """Return the links of an alarm on a metric with these dimensions."""
    trigger = read_sample("alarm-metric.json")["Trigger"]
    named = [{"name": name, "value": value} for name, value in dimensions.items()]
    return links(changed("alarm-metric.json", Trigger=trigger | {"Dimensions": named}))


def test_the_graph_shows_the_metric_around_the_change_wherever_its_clock_is() -> None:
    graph = links(changed("alarm-metric.json", StateChangeTime="2026-01-31T03:14:41.123+0100"))["Metric"]
    assert graph == (
        f"{CLOUDWATCH}metricsV2:graph=~(metrics~(~(~'AWS*2fEC2~'CPUUtilization~'InstanceId~'i-0a1b2c3d4e5f60718"
        f"~(stat~'Average~period~60)))~view~'timeSeries~region~'eu-west-1~{WINDOW})"
    )


def test_the_graph_of_an_expression_has_its_inputs() -> None:
    graph = links(changed("alarm-math.json"))["Metric"]
    assert "~(~(expression~'100*20*2a*20errors*20*2f*20requests~id~'rate~label~'Error*20rate))" in graph
    assert "~(~'AWS*2fApiGateway~'Count~'ApiName~'checkout~(id~'requests~stat~'Sum~accountId~'444455556666" in graph


def test_a_graph_whose_url_is_too_long_for_a_button_shows_the_first_metric() -> None:
    trigger = read_sample("alarm-math.json")["Trigger"]
    trigger["Metrics"][0]["Expression"] = "errors + " * 60
    graph = links(changed("alarm-math.json", Trigger=trigger))["Metric"]
    assert "expression" not in graph
    assert "graph=~(metrics~(~(~'AWS*2fApiGateway~'5XXError~'ApiName~'checkout~(id~'errors" in graph


def test_an_alarm_without_a_metric_or_a_time_has_no_graph() -> None:
    assert "Metric" not in links(changed("alarm-log.json"))
    assert "Metric" not in links(changed("alarm-metric.json", StateChangeTime=None))


def test_each_child_of_a_composite_alarm_has_a_link() -> None:
    found = links(changed("alarm-composite.json", TriggeringChildren=["shop-cpu", "queue/old orders"]))
    assert found["Open shop-cpu"] == f"{CLOUDWATCH}alarmsV2:alarm/shop-cpu"
    assert found["Open queue/old orders"] == f"{CLOUDWATCH}alarmsV2:alarm/queue%2Fold%20orders"


def test_a_log_alarm_links_to_its_query_in_its_window_and_to_its_group() -> None:
    found = links(changed("alarm-log.json"))
    detail = f"~({WINDOW}~timeType~'ABSOLUTE~tz~'UTC~editorString~'filter*20*40message*20like*20*2fERROR*2f*20*7c*20"
    assert found["Log query"].startswith(f"{CLOUDWATCH}logsV2:logs-insights$3FqueryDetail$3D{detail}")
    assert found["Log query"].endswith("~source~(~'*2fshop*2fpayment))")
    assert found["Logs"] == f"{CLOUDWATCH}logsV2:log-groups/log-group/$252Fshop$252Fpayment"


@pytest.mark.parametrize(
    ("dimensions", "words", "page"),
    [
        ({"FunctionName": "charge"}, "Logs", "#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fcharge"),
        (
            {"FunctionName": "charge", "Resource": "charge:live"},
            "Logs",
            "#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fcharge",
        ),
        ({"DBInstanceIdentifier": "db"}, "Database logs", "#database:id=db;is-cluster=false;tab=logs-and-events"),
        ({"DBClusterIdentifier": "db"}, "Database logs", "#database:id=db;is-cluster=true;tab=logs-and-events"),
        (
            {"ClusterName": "prod", "ServiceName": "api"},
            "Service logs",
            "/ecs/v2/clusters/prod/services/api/logs?region=eu-west-1",
        ),
        ({"ApiName": "shop"}, "API logs", "$3FlogGroupNameFilter$3DAPI-Gateway-Execution-Logs_"),
    ],
)
def test_the_logs_of_a_thing_that_a_dimension_names_have_a_link(
    dimensions: dict[str, str], words: str, page: str
) -> None:
    assert watching(**dimensions)[words].endswith(page)


@pytest.mark.parametrize(("region", "domain"), [("eu-west-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")])
def test_a_queue_has_a_page(region: str, domain: str) -> None:
    trigger = read_sample("alarm-metric.json")["Trigger"] | {"Dimensions": [{"name": "QueueName", "value": "orders"}]}
    arn = f"arn:aws:cloudwatch:{region}:111122223333:alarm:shop-cpu"
    found = links(changed("alarm-metric.json", Trigger=trigger, AlarmArn=arn))["Queue"]
    assert found.endswith(f"#/queues/https%3A%2F%2Fsqs.{region}.{domain}%2F111122223333%2Forders")
    assert "Queue" not in links(changed("alarm-metric.json", Trigger=trigger, AlarmArn=arn, AWSAccountId=None))


def test_a_dimension_without_logs_adds_no_link() -> None:
    assert set(watching(TableName="orders", ClusterName="prod")) == {"Open in CloudWatch", "Runbook", "Metric"}
