import boto3
from moto import mock_aws

from demo.subscribed_queue import SubscribedQueue


@mock_aws
def test_each_message_is_taken_once_however_many_there_are() -> None:
    sqs = boto3.client("sqs", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106 - of moto
    url = sqs.create_queue(QueueName="published")["QueueUrl"]
    queue = SubscribedQueue(sqs, url)
    assert queue.take() == []
    for number in range(25):
        sqs.send_message(QueueUrl=url, MessageBody=f"body {number}")
    assert sorted(queue.take()) == sorted(f"body {number}" for number in range(25))
    assert queue.take() == []
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (left["ApproximateNumberOfMessages"], left["ApproximateNumberOfMessagesNotVisible"]) == ("0", "0")
