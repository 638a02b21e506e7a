import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from configuration.clients import aws_timeout, client
from outcomes.outcome import Park, ParkReason
from record_batch.overflow import Overflow
from record_batch.parking import Parking, ParkingFailed
from retry_policies import Classification, ErrorKind
from retry_policies.aws import classify_aws
from shared_state.memory_rows import MemoryRows
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.support.samples.notifications import record

PAGES = ["<html>ok</html>", "", "{}", '{"MessageId": "1"}']
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/parking"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "eu-west-1")


def test_a_call_has_one_attempt_and_ends_in_time() -> None:
    config = client("sqs", 0.4).meta.config
    assert (config.connect_timeout, config.read_timeout) == (0.4, 0.4)
    assert config.retries["total_max_attempts"] == 1


@pytest.mark.parametrize("reserve", [1.0, 5.0, 30.0])
def test_a_call_takes_less_than_half_of_the_reserve(reserve: float) -> None:
    assert 0.0 < aws_timeout(reserve) * 2 < reserve / 2


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_somebody_else_is_no_answer_of_aws(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as server:
        server.script("/", then=ask("/200", body=page))
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url(""))
        with pytest.raises(ResponseParserError) as raised:
            client("dynamodb", 2.0).put_item(TableName="t", Item={"id": {"S": "x"}})
        assert classify_aws(raised.value) == Classification(ErrorKind.AMBIGUOUS, code="body")
        with pytest.raises(ParkingFailed, match=r"^ResponseParserError$"):
            Parking(client("sqs", 2.0), URL, Overflow(MemoryRows())).park(record(), Park(ParkReason.EXPIRED, ""))


def test_aws_is_known_by_its_request_id(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask("/200", body='{"MessageId": "1"}', header="x-amzn-RequestId: 11111111-2222")
    refusal = ask("/400", body='{"__type": "QueueDoesNotExist"}')
    with FaultServer() as server:
        server.script("/", [answer], then=refusal)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url(""))
        sqs = client("sqs", 2.0)
        assert sqs.send_message(QueueUrl=URL, MessageBody="x")["MessageId"] == "1"
        with pytest.raises(ClientError):
            sqs.send_message(QueueUrl=URL, MessageBody="x")
