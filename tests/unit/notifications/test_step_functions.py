import json

import pytest

from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("cause", "summary"),
    [
        ("the bank declined", "Payment.Declined: the bank declined"),
        (
            json.dumps({"errorMessage": "no stock", "errorType": "ValueError", "trace": []}),
            "Payment.Declined: no stock",
        ),
        (json.dumps({"StoppedReason": "OutOfMemoryError", "Containers": []}), "Payment.Declined: OutOfMemoryError"),
        (json.dumps({"order": {"card": "4111"}}), "Payment.Declined"),
        ("token=canary", "Payment.Declined: [hidden]"),
        (None, "Payment.Declined"),
    ],
)
def test_only_the_message_of_a_cause_is_shown(cause: object, summary: str) -> None:
    assert changed_detail("step-functions-failed.json", cause=cause).summary == summary


def test_an_end_without_an_error_says_how_long_it_took() -> None:
    said = changed_detail("step-functions-failed.json", error=None, cause=None, status="TIMED_OUT")
    assert said.summary.startswith("execution timed out after ")
