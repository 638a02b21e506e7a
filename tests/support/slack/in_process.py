"""A Slack without a network, which checks Slack's limits for each message."""

import json
from dataclasses import dataclass, field

from demo.slack.limits import read_posting
from retry_policies import Classification, ErrorKind
from slack_alerts.models import Credentials, Refused, SlackMessage, SlackRefused, SlackUnreachable

FATES = ("taken", "refused as blocks", "refused", "no destination", "busy", "silent")


@dataclass
class InProcessSlack:
    """`fate` is what becomes of each message."""

    fate: str = "taken"
    taken: list[SlackMessage] = field(default_factory=list)

    def post(self, _: Credentials, message: SlackMessage, timeout: float) -> None:
        assert timeout > 0
        body = json.dumps(message.content, allow_nan=False).encode()
        assert (read_posting(body).error, len(body) < 100_000) == ("", True)
        match self.fate:
            case "refused" | "refused as blocks" if self.fate == "refused" or message.blocks:
                raise SlackRefused(Classification(ErrorKind.PERMANENT, code="invalid_blocks"), Refused.MESSAGE)
            case "no destination":
                raise SlackRefused(Classification(ErrorKind.PERMANENT, code="no_service"), Refused.DESTINATION)
            case "busy":
                raise SlackRefused(Classification(ErrorKind.THROTTLED, 60.0, "rate_limited"), Refused.FOR_NOW)
            case "silent":
                raise SlackUnreachable(sent=True)
        self.taken.append(message)
