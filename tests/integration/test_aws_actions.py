"""The whole handler: from what Lambda passes to it to what AWS was asked, what is parked, and what Slack hears."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest

from aws_actions import app
from tests.support.handlers.aws_actions import RULES, Running, asked, envelope, running
from tests.support.samples.events import alarm_message, sample

ALLOWED = "ecs:UpdateService,sqs:SendMessage,ssm:GetParameter,dynamodb:PutItem"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(monkeypatch, ALLOWED) as made:
        yield made


@pytest.fixture
def shop(run: Running) -> Any:  # noqa: ANN401 - a client of ECS
    """The service that the sample events restart."""
    ecs = run.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="t", containerDefinitions=[{"name": "web", "image": "web", "memory": 128}])
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition="t", desiredCount=1)
    return ecs


@pytest.fixture
def mailbox(run: Running) -> str:
    url: str = run.client("sqs").create_queue(QueueName="mailbox")["QueueUrl"]
    return url


def mail(mailbox: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - each field has its own type
    send = {"QueueUrl": mailbox, "MessageBody": "restart"}
    return {"service": "sqs", "operation": "SendMessage", "parameters": send} | changes


def arrived(mailbox: str) -> int:
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=mailbox, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def store_rules(desired: int = 3) -> None:
    parameters = {
        "cluster": "${dimension.ClusterName}",
        "service": "${dimension.ServiceName}",
        "desiredCount": desired,
    }
    request = {"service": "ecs", "operation": "UpdateService", "parameters": parameters, "notify": True}
    rule = {"match": {"alarm": "web-unhealthy-*", "state": "ALARM", "severity": "high"}, "request": request}
    boto3.client("ssm").put_parameter(Name=RULES, Value=json.dumps({"rules": [rule]}), Type="String")


DONE: Any = {"batchItemFailures": []}


def test_an_alarm_makes_the_call_of_its_rule_and_slack_hears_of_it(run: Running, shop: Any) -> None:  # noqa: ANN401
    store_rules()
    assert run.handle(sample("action-alarm")) == DONE
    [service] = shop.describe_services(cluster="shop", services=["web"])["services"]
    assert service["desiredCount"] == 3
    [told] = run.told()
    assert told.startswith("ecs UpdateService: done\nAlarm: web-unhealthy-tasks\nRequest id: ")
    assert run.parked() == []


def test_a_message_makes_the_call_that_it_asks_for(run: Running, shop: Any) -> None:  # noqa: ANN401
    assert shop
    assert run.handle(sample("action-request")) == DONE
    assert [one.split("\n")[:2] for one in run.told()] == [["ecs UpdateService: done", "Asked for by a message"]]


def test_what_does_not_exist_is_parked_with_the_error_of_aws_and_told(run: Running) -> None:
    assert run.handle(sample("action-request")) == DONE
    assert run.parked() == [("message_refused", "ClusterNotFoundException")]
    assert [one.split("\n")[0] for one in run.told()] == ["ecs UpdateService: message_refused"]


def test_an_alarm_without_a_rule_is_acknowledged(run: Running) -> None:
    boto3.client("ssm").put_parameter(Name=RULES, Value='{"rules": []}', Type="String")
    assert run.handle(sample("action-alarm")) == DONE
    assert (run.parked(), run.told()) == ([], [])


def test_what_is_not_on_the_list_is_parked_and_no_client_is_made(run: Running, mailbox: str) -> None:
    assert run.handle(asked(mail(mailbox, operation="PurgeQueue", parameters={"QueueUrl": mailbox}))) == DONE
    assert run.parked() == [("not_allowed", "sqs:PurgeQueue")]
    assert app.wire().calling.actions.services == {}


def test_each_record_has_its_own_end(run: Running, mailbox: str) -> None:
    wrong = mail(mailbox, parameters={"QueueUrl": mailbox})
    assert run.handle(asked(mail(mailbox), {"operation": "x"}, wrong)) == DONE
    assert arrived(mailbox) == 1
    assert sorted(run.parked()) == [
        ("invalid_request", "message.service: is missing"),
        ("invalid_request", "parameters.MessageBody: is missing"),
    ]


def test_a_copy_makes_no_second_call(run: Running, mailbox: str) -> None:
    event = asked(mail(mailbox))
    assert run.handle(event) == run.handle(event) == DONE
    assert run.handle(asked(mail(mailbox, idempotency_key="k"), mail(mailbox, idempotency_key="k"))) == DONE
    assert arrived(mailbox) == 2


def test_what_came_too_late_is_parked_and_told_and_never_run(run: Running, mailbox: str) -> None:
    run.now += timedelta(minutes=15)
    assert run.handle(asked(mail(mailbox))) == DONE
    assert arrived(mailbox) == 0
    assert run.parked() == [("expired", "")]
    assert run.told() == ["sqs SendMessage: expired\nAsked for by a message"]


def test_without_the_table_what_may_not_be_made_twice_waits_in_the_queue(run: Running, mailbox: str) -> None:
    boto3.client("dynamodb").delete_table(TableName="deliveries")
    boto3.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    read = {"service": "ssm", "operation": "GetParameter", "parameters": {"Name": "/p"}}
    assert run.handle(asked(mail(mailbox), read)) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert arrived(mailbox) == 0
    assert 30 <= run.hidden.seconds["r1"] <= 38


def test_what_cannot_be_parked_waits_and_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "https://sqs.eu-west-1.amazonaws.com/123456789012/nowhere"
    with running(monkeypatch, ALLOWED, PARKING_QUEUE_URL=nowhere) as run:
        refused = mail("https://sqs.eu-west-1.amazonaws.com/123456789012/mailbox", notify=True)
        assert run.handle(asked(refused)) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
        assert run.told() == []


def test_an_outcome_that_cannot_be_told_is_the_outcome_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = "arn:aws:sns:eu-west-1:123456789012:nobody"
    with running(monkeypatch, ALLOWED, ALERTS_TOPIC_ARN=nobody) as run:
        url = boto3.client("sqs").create_queue(QueueName="mailbox")["QueueUrl"]
        assert run.handle(asked(mail(url, notify=True))) == DONE
        assert arrived(url) == 1
        assert run.handle(asked(mail(url, notify=True))) == DONE  # and it was committed
        assert arrived(url) == 1
    assert [vars(one)["error"] for one in caplog.records if one.getMessage() == "outcome not published"] == ["NotFound"]


@pytest.mark.parametrize("topic", ["arn:aws:sns:eu-west-1:123456789012:alerts", "arn:aws:sns:eu-west-1:1:actions"])
def test_another_topics_message_makes_no_call(run: Running, mailbox: str, topic: str) -> None:
    assert run.handle({"Records": [envelope(json.dumps(mail(mailbox)), topic=topic)]}) == DONE
    assert run.parked() == [("unexpected_source", "topic")]
    assert arrived(mailbox) == 0


def test_what_slack_is_told_makes_no_call_even_where_it_comes_back(run: Running, mailbox: str) -> None:
    run.handle(asked(mail(mailbox, notify=True)))
    [told] = run.told()
    assert run.handle({"Records": [envelope(told, 2)]}) == DONE
    assert run.parked() == [("invalid_request", "message: must be JSON (line 1, column 1)")]


def test_a_document_of_rules_that_cannot_be_used_keeps_alarms_in_the_queue(run: Running) -> None:
    boto3.client("ssm").put_parameter(Name=RULES, Value="{", Type="String")
    event = {"Records": [envelope(alarm_message())]}
    assert run.handle(event) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
