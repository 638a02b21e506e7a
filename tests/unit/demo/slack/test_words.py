from typing import Any

import pytest

from demo.slack.words import state_of
from tests.support.demo.slack_requests import request


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, ("good", "posted")),
        ({"status": 429, "answer": "rate_limited"}, ("wait", "throttled")),
        ({"answer": "no_text", "webhook": "#ops"}, ("bad", "refused")),
        ({"answer": "<html>"}, ("fail", "failed")),
        ({"status": 0, "answer": "connection reset"}, ("fail", "failed")),
        ({"status": 503, "answer": "service_unavailable"}, ("fail", "failed")),
        ({"status": 404, "answer": "no_service"}, ("bad", "refused")),
    ],
)
def test_an_answer_has_a_colour_and_a_word(changes: dict[str, Any], state: tuple[str, str]) -> None:
    assert state_of(request(**changes)) == state
