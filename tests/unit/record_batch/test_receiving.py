import boto3

from record_batch.receiving import receive_messages
from tests.support.handlers.aws_in_process import Queues, aws_in_process


def test_ten_messages_are_received_with_their_attributes_and_hidden() -> None:
    with aws_in_process():
        queues = Queues(["dead"])
        assert receive_messages(boto3.client("sqs"), queues.urls["dead"], hidden=0.5, wait=0) == []
        queues.put("dead", *map(str, range(12)), hop=1)
        messages = receive_messages(boto3.client("sqs"), queues.urls["dead"], hidden=0.5, wait=0)
        assert [one["Body"] for one in messages] == [str(number) for number in range(10)]
        assert {*messages[0]["Attributes"]} >= {"SentTimestamp", "ApproximateReceiveCount"}
        assert {*messages[0]["MessageAttributes"]} == {"holdfast"}
        assert queues.visible("dead") == 2
