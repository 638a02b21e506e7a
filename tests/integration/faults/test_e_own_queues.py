"""Rows E1 and E6 of the fault catalogue: our own queues refuse."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.integration.faults.conftest import Road

REFUSALS = [
    ClientError({"Error": {"Code": code, "Message": ""}}, "SendMessage")
    for code in ("ThrottlingException", "KMS.AccessDeniedException", "AccessDenied", "InvalidParameterValue")
] + [EndpointConnectionError(endpoint_url="https://sqs.example.com")]


@pytest.mark.parametrize("error", REFUSALS, ids=str)
def test_e1_what_cannot_be_parked_is_not_acknowledged(plain_road: Road, error: Exception) -> None:
    plain_road.play(then="/400")
    plain_road.stack.parking_error = error
    assert plain_road.send("a", "b") == ["m1", "m2"]
    assert plain_road.parked() == []
    plain_road.stack.parking_error = None
    assert plain_road.send("a", "b") == []
    assert len(plain_road.parked()) == 2


@pytest.mark.parametrize(
    "code", ["MessageNotInflight", "ReceiptHandleIsInvalid", "ThrottlingException", "AccessDenied"]
)
def test_e6_what_cannot_be_hidden_is_reported_all_the_same(plain_road: Road, code: str) -> None:
    plain_road.play(then="/503")
    plain_road.stack.hidden.error = ClientError({"Error": {"Code": code, "Message": ""}}, "ChangeMessageVisibility")
    assert plain_road.send("a", "b") == ["m1", "m2"]
