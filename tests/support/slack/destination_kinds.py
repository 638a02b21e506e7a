"""The two kinds of destination for the fault server, each with a canary as its secret."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tests.support.fault_server.behaviours import ask

CANARY = "canaryT0kenThatNobodyMaySee"
CHANNEL = "C0FAULTS"
WORDS = {
    "no_service": "account_inactive",
    "no_team": "team_access_not_granted",
    "channel_is_archived": "is_archived",
    "invalid_token": "invalid_auth",
    "action_prohibited": "restricted_action",
    "invalid_payload": "invalid_json",
}
"""The webhook's code of a refusal and the Web API's, if it differs."""
REFUSALS = frozenset({*WORDS, "channel_not_found", "invalid_blocks"})


@dataclass(frozen=True)
class Webhook:
    """A destination that Slack identifies by the path."""

    path: str = f"/services/T000/B000/{CANARY}"

    def secret(self, base: str) -> str:
        return f"{base}{self.path}"

    def renewed(self) -> "Webhook":
        return Webhook(f"/services/T000/B000/new{CANARY}")

    def word(self, word: str) -> str:
        return word

    def translate(self, behaviour: str) -> str:
        return behaviour


@dataclass(frozen=True)
class Bot:
    """A destination that Slack identifies by the token; errors have status 200."""

    token: str = f"xoxb-1-{CANARY}"
    path: str = "/api/chat.postMessage"

    def secret(self, base: str) -> str:  # noqa: ARG002 - where a bot posts is a setting
        return json.dumps({"token": self.token, "channel": CHANNEL})

    def renewed(self) -> "Bot":
        return Bot(f"xoxb-2-{CANARY}")

    def word(self, word: str) -> str:
        return WORDS.get(word, word)

    def translate(self, behaviour: str) -> str:
        """Return the Web API's equivalent of a webhook's behaviour."""
        parts = urlsplit(behaviour)
        words = parse_qs(parts.query).get("body", [])
        if parts.path in {"/ok", "/late"}:
            return ask(parts.path, body='{"ok": true}')
        if parts.path == "/refuse-blocks":
            return ask(parts.path, status=200, body=_error("invalid_blocks"), accepted='{"ok": true}')
        if parts.path == "/refuse-mentions":
            return ask(parts.path, status=200, body=_error("restricted_action"), accepted='{"ok": true}')
        if words and words[0] in REFUSALS:
            return ask("/200", body=_error(self.word(words[0])))
        return behaviour


type Kind = Webhook | Bot
KINDS: dict[str, Kind] = {"webhook": Webhook(), "bot": Bot()}


def _error(code: str) -> str:
    return json.dumps({"ok": False, "error": code})
