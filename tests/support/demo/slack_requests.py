"""Requests to Slack with default fields, which a test can change."""

from typing import Any

from demo.slack.memory import Request

DEFAULTS: dict[str, Any] = {
    "number": 1,
    "time": 100.0,
    "webhook": "ops",
    "status": 200,
    "answer": "ok",
    "retry_after": None,
    "text": "fallback",
    "blocks": (),
    "attachments": (),
    "body": "{}",
}


def request(**changes: Any) -> Request:  # noqa: ANN401 - each field has its own type
    return Request(**DEFAULTS | changes)


def post_of(*sns_ids: str, **changes: Any) -> Request:  # noqa: ANN401 - each field has its own type
    """Return a request that shows these ids, as a message or a digest does."""
    return request(body=" · ".join(f"id {one}" for one in sns_ids), **changes)
