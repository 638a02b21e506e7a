"""Rows E1 and E6 of the fault catalogue: our own queues refuse."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.integration.faults.conftest import Pipeline
from tests.support.steps.scripted_store import refusal

REFUSALS = [
    ClientError({"Error": {"Code": code, "Message": ""}}, "SendMessage")
    for code in ("ThrottlingException", "KMS.AccessDeniedException", "AccessDenied", "InvalidParameterValue")
] + [EndpointConnectionError(endpoint_url="https://sqs.example.com")]


@pytest.mark.parametrize("error", REFUSALS, ids=str)
def test_e1_an_alert_that_cannot_be_parked_is_not_acknowledged(plain: Pipeline, error: Exception) -> None:
    plain.play(then="/400")
    plain.stack.sqs.failing["send_message parking"] = error
    assert plain.send("a", "b") == ["m1", "m2"]
    assert plain.parked() == []
    plain.stack.sqs.failing.clear()
    assert plain.send("a", "b") == []
    assert len(plain.parked()) == 2


@pytest.mark.parametrize(
    "code", ["MessageNotInflight", "ReceiptHandleIsInvalid", "ThrottlingException", "AccessDenied"]
)
def test_e6_an_alert_that_cannot_be_hidden_is_reported(plain: Pipeline, code: str) -> None:
    plain.play(then="/503")
    plain.stack.sqs.failing["change_message_visibility_batch"] = refusal(code)
    assert plain.send("a", "b") == ["m1", "m2"]
