"""An answer of the Slack stand-in, and Slack's codes."""

from collections.abc import Mapping
from dataclasses import dataclass

STATUS_OF = {
    "ok": 200,
    "invalid_payload": 400,
    "invalid_blocks": 400,
    "invalid_attachments": 400,
    "no_text": 400,
    "too_many_attachments": 400,
    "user_not_found": 400,
    "action_prohibited": 403,
    "invalid_token": 403,
    "no_service": 404,
    "channel_not_found": 404,
    "no_team": 404,
    "channel_is_archived": 410,
    "rate_limited": 429,
    "rollup_error": 500,
    "service_unavailable": 503,
}
"""Slack's codes with their status."""
_BODY_OF = {
    200: "ok",
    400: "invalid_payload",
    403: "action_prohibited",
    404: "channel_not_found",
    410: "channel_is_archived",
    429: "rate_limited",
    500: "rollup_error",
    503: "service_unavailable",
}
"""The body of a scripted answer that has a status only."""


@dataclass(frozen=True)
class Answer:
    """An answer; with 200 `ok` Slack's own rules decide, and `reset` drops the connection."""

    status: int = 200
    body: str = "ok"
    retry_after: int | None = None
    slow: float = 0.0
    reset: bool = False

    @classmethod
    def from_json(cls, answer: object) -> "Answer":
        """Read a scripted answer, such as `{"status": 429, "retry_after": 2}` or `{"body": "no_service"}`."""
        if not isinstance(answer, Mapping) or not answer or not answer.keys() <= cls.__dataclass_fields__.keys():
            raise ValueError(f"an answer takes some of {', '.join(cls.__dataclass_fields__)}")
        body = answer.get("body")
        status = int(answer.get("status", STATUS_OF.get(str(body), 200)))
        retry_after = answer.get("retry_after")
        return cls(
            status=status,
            body=str(body if body is not None else _BODY_OF.get(status, "")),
            retry_after=None if retry_after is None else int(retry_after),
            slow=float(answer.get("slow", 0)),
            reset=bool(answer.get("reset", False)),
        )

    @property
    def is_default(self) -> bool:
        """Return whether Slack's own rules decide."""
        return self.status == STATUS_OF["ok"] and self.body == "ok" and not self.reset
