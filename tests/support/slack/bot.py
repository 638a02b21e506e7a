"""Posts by a bot token to the Slack stand-in, without a network."""

import json
from dataclasses import dataclass, field

from demo.slack.api import api_json
from demo.slack.standin import SlackStandin
from retry_policies import Deadline
from slack_alerts.models import Access, BotToken, Credentials, Edit, Place, SlackMessage, Webhook
from slack_alerts.slack.answers import api_place, api_refusal
from slack_alerts.slack.http import api_content

CHANNEL = "ops"


@dataclass
class BotSlack:
    """The Web API of a stand-in; `has_ts` is whether its answers name the place of a message."""

    standin: SlackStandin
    has_ts: bool = True
    sent: list[SlackMessage] = field(default_factory=list)

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> Place | None:
        assert timeout > 0
        self.sent.append(message)
        if isinstance(credentials, Webhook):
            return None
        body = json.dumps(api_content(message, credentials.channel)).encode()
        answer, accepted = self.standin.answer_api(f"Bearer {credentials.token}", body)
        said = json.dumps(api_json(answer, accepted)).encode()
        refused = api_refusal(answer.status, said, answer.retry_after)
        if refused is not None:
            raise refused
        return api_place(said) if self.has_ts else None

    def update(self, credentials: BotToken, edit: Edit, timeout: float) -> None:
        assert timeout > 0
        body = json.dumps({"channel": edit.channel, "ts": edit.ts, **edit.content}).encode()
        answer, message = self.standin.answer_update(f"Bearer {credentials.token}", body)
        refused = api_refusal(answer.status, json.dumps(api_json(answer, message)).encode(), answer.retry_after)
        if refused is not None:
            raise refused


@dataclass
class BotSecrets:
    """A credential store with one bot token for a channel, or a webhook."""

    standin: SlackStandin
    channel: str = CHANNEL
    is_webhook: bool = False

    def find(self, destination: str, _deadline: Deadline) -> Access:
        if self.is_webhook:
            return Access(Webhook(destination), "1")
        return Access(BotToken(self.standin.bot_token(), self.standin.channel_id(self.channel)), "1")

    def find_newer(self, _destination: str, _deadline: Deadline) -> Access | None:
        return None
