"""The whole handler: from Lambda's event to AWS's calls, the parking queue and the published outcomes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest

from aws_actions import app
from tests.support.handlers.aws_actions import RULES, ActionsStack, actions_stack, envelope, event_of
from tests.support.handlers.failing_client import FailingClient, lost_answers
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import alarm_message, sample

ALLOWED = "ecs:UpdateService,sqs:SendMessage,ssm:GetParameter,dynamodb:PutItem,rds:StartDBInstance"
DONE: Any = {"batchItemFailures": []}
FAILED: Any = {"batchItemFailures": [{"itemIdentifier": "m1"}]}


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ActionsStack]:
    with actions_stack(monkeypatch, ALLOWED) as made:
        yield made


@pytest.fixture
def shop(stack: ActionsStack) -> Any:  # noqa: ANN401 - a client of ECS
    """Make the service that the sample events restart."""
    assert stack.parked() == []
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="t", containerDefinitions=[{"name": "web", "image": "web", "memory": 128}])
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition="t", desiredCount=1)
    return ecs


def send(stack: ActionsStack, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - each field has its own type
    """Return a request to send a message to the queue `actions`."""
    parameters = {"QueueUrl": stack.queues.urls["actions"], "MessageBody": "restart"}
    return {"service": "sqs", "operation": "SendMessage", "parameters": parameters} | changes


def sent(stack: ActionsStack) -> int:
    return len(stack.queues.messages("actions"))


def store_rules(text: str) -> None:
    boto3.client("ssm").put_parameter(Name=RULES, Value=text, Type="String")


def test_an_alarm_makes_the_call_of_its_rule_and_its_outcome_is_published(stack: ActionsStack, shop: Any) -> None:  # noqa: ANN401
    parameters = {"cluster": "${dimension.ClusterName}", "service": "${dimension.ServiceName}", "desiredCount": 3}
    request = {"service": "ecs", "operation": "UpdateService", "parameters": parameters, "notify": True}
    match = {"alarm": "web-unhealthy-*", "state": "ALARM", "severity": "high"}
    store_rules(json.dumps({"rules": [{"match": match, "request": request}]}))
    assert stack.handle(sample("action-alarm")) == DONE
    [service] = shop.describe_services(cluster="shop", services=["web"])["services"]
    assert service["desiredCount"] == 3
    [published] = stack.published()
    assert published.startswith("ecs UpdateService: done\nAlarm: web-unhealthy-tasks\nRequest id: ")
    assert stack.parked() == []


def test_a_message_makes_its_call(stack: ActionsStack, shop: Any) -> None:  # noqa: ANN401
    assert shop
    assert stack.handle(sample("action-request")) == DONE
    [published] = stack.published()
    assert published.split("\n")[:2] == ["ecs UpdateService: done", "Asked for by a message"]


def test_a_refused_call_is_parked_with_the_error_of_aws(stack: ActionsStack) -> None:
    assert stack.handle(sample("action-request")) == DONE
    assert stack.parked() == [("message_refused", "ClusterNotFoundException")]
    assert [one.split("\n")[0] for one in stack.published()] == ["ecs UpdateService: message_refused"]


def test_a_call_for_which_its_resource_is_not_ready_waits_until_it_expires(stack: ActionsStack) -> None:
    boto3.client("rds").create_db_instance(
        DBInstanceIdentifier="shop", DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20
    )
    start = {"service": "rds", "operation": "StartDBInstance", "parameters": {"DBInstanceIdentifier": "shop"}}
    assert stack.handle(event_of(start)) == FAILED  # InvalidDBInstanceState: it runs
    assert stack.sqs.hidden["r1"] >= 60
    boto3.client("rds").stop_db_instance(DBInstanceIdentifier="shop")
    assert stack.handle(event_of(start)) == DONE
    assert stack.handle(event_of(start | {"idempotency_key": "second"})) == FAILED
    stack.now += timedelta(minutes=16)
    assert stack.handle(event_of(start | {"idempotency_key": "second"})) == DONE
    assert stack.parked() == [("expired", "")]


def test_an_alarm_without_a_rule_is_acknowledged_and_waits_for_rules_that_cannot_be_used(stack: ActionsStack) -> None:
    store_rules('{"rules": []}')
    assert stack.handle(sample("action-alarm")) == DONE
    assert (stack.parked(), stack.published()) == ([], [])
    boto3.client("ssm").put_parameter(Name=RULES, Value="{", Type="String", Overwrite=True)
    app.wire.cache_clear()
    assert stack.handle({"Records": [envelope(alarm_message())]}) == FAILED


def test_each_record_has_its_own_end(stack: ActionsStack) -> None:
    wrong = send(stack, parameters={"QueueUrl": stack.queues.urls["actions"]})
    assert stack.handle(event_of(send(stack), {"operation": "x"}, wrong, send(stack, operation="PurgeQueue"))) == DONE
    assert sent(stack) == 1
    assert sorted(stack.parked()) == [
        ("invalid_request", "message.service: is missing"),
        ("invalid_request", "parameters.MessageBody: is missing"),
        ("not_allowed", "sqs:PurgeQueue"),
    ]


def test_a_copy_makes_no_second_call(stack: ActionsStack) -> None:
    event = event_of(send(stack))
    assert stack.handle(event) == stack.handle(event) == DONE
    keyed = send(stack, idempotency_key="k")
    assert stack.handle(event_of(keyed, keyed)) == DONE
    assert sent(stack) == 2


def test_an_expired_request_is_parked_and_published_and_makes_no_call(stack: ActionsStack) -> None:
    stack.now += timedelta(minutes=15)
    assert stack.handle(event_of(send(stack))) == DONE
    assert (sent(stack), stack.parked()) == (0, [("expired", "")])
    assert stack.published() == ["sqs SendMessage: expired\nAsked for by a message"]


def test_without_the_table_a_call_that_must_not_be_made_twice_waits(stack: ActionsStack) -> None:
    boto3.client("dynamodb").delete_table(TableName="deliveries")
    boto3.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    read = {"service": "ssm", "operation": "GetParameter", "parameters": {"Name": "/p"}}
    assert stack.handle(event_of(send(stack), read)) == FAILED
    assert sent(stack) == 0
    assert 30 <= stack.sqs.hidden["r1"] <= 38


@pytest.mark.parametrize("topic", ["arn:aws:sns:eu-west-1:123456789012:alerts", "arn:aws:sns:eu-west-1:1:actions"])
def test_a_message_of_another_topic_makes_no_call(stack: ActionsStack, topic: str) -> None:
    assert stack.handle({"Records": [envelope(json.dumps(send(stack)), topic=topic)]}) == DONE
    assert (sent(stack), stack.parked()) == (0, [("unexpected_source", "topic")])


def test_an_outcome_whose_answer_is_lost_is_published_again(stack: ActionsStack) -> None:
    topic = FailingClient(None, instead={"publish": lost_answers(1)})
    steps = app.wire()
    publisher: Any = steps.calling.publish_outcome.__self__  # type: ignore[attr-defined] # a bound method
    policy = publisher.policy.with_(sleep=lambda _: None)
    publish_outcome = replace(publisher, topic=lambda: topic, policy=policy).publish_outcome
    changed = replace(steps, calling=replace(steps.calling, publish_outcome=publish_outcome))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "wire", lambda: changed)
        assert stack.handle(event_of(send(stack, notify=True))) == DONE
    assert (sent(stack), topic.calls["publish"]) == (1, 2)


def test_the_handler_is_wired(stack: ActionsStack) -> None:
    assert app.handler(event_of({"operation": "x"}), FixedContext(60)) == DONE
    assert stack.parked() == [("invalid_request", "message.service: is missing")]
