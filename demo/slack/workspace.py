"""The workspace of the Slack stand-in: its webhooks, channels and bot token, created on first use, until revoked."""

import secrets
from dataclasses import dataclass

BEARER = "Bearer "


@dataclass(frozen=True)
class Destination:
    """A webhook's name, or `#` and a channel's; `error` is Slack's code if a request may not post to it."""

    name: str
    error: str = ""

    @property
    def is_channel(self) -> bool:
        return self.name.startswith("#")


class Workspace:
    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # path -> webhook, revoked ones included
        self._paths: dict[str, str] = {}  # webhook -> its newest path
        self._channels: dict[str, str] = {}  # id -> name
        self._token = ""
        self._revoked: set[str] = set()  # paths and tokens

    def webhook_path(self, name: str) -> str:
        """Return the path of a webhook, created on first use."""
        return self._paths.get(name) or self.rotate(name)

    def rotate(self, name: str) -> str:
        """Revoke the path of a webhook and return a new one."""
        self.revoke(name)
        path = f"/services/T0STANDIN/B{secrets.token_hex(4).upper()}/{secrets.token_urlsafe(18)}"
        self._names[path], self._paths[name] = name, path
        return path

    def revoke(self, name: str) -> None:
        """Revoke a webhook; it keeps its path."""
        if path := self._paths.get(name):
            self._revoked.add(path)

    def token(self) -> str:
        """Return the bot's token, a new one on first use and after it was revoked."""
        if not self._token or self._token in self._revoked:
            self._token = f"xoxb-{secrets.randbelow(10**12):012d}-{secrets.token_hex(12)}"
        return self._token

    def revoke_token(self) -> None:
        self._revoked.add(self._token)

    def channel_id(self, name: str) -> str:
        """Return the id of a channel with the bot in it, created on first use."""
        for channel, known in self._channels.items():
            if known == name:
                return channel
        channel = f"C{secrets.token_hex(5).upper()}"
        self._channels[channel] = name
        return channel

    def webhook(self, path: str) -> Destination:
        """Return the webhook to which a request's path leads."""
        name = self._names.get(path, "")
        return Destination(name, "" if name and path not in self._revoked else "no_service")

    def channel(self, authorization: str, channel: str | None) -> Destination:
        """Return the channel of a request by its header and channel id; None stands for an unreadable body."""
        name = f"#{self._channels.get(channel or '', 'unknown')}"
        if error := self.token_error(authorization):
            return Destination(name, error)
        return Destination(name, "" if channel is None or channel in self._channels else "channel_not_found")

    def channel_name(self, channel: str) -> str:
        """Return the name of a channel by its id; "" if there is none."""
        return self._channels.get(channel, "")

    def token_error(self, authorization: str) -> str:
        """Return Slack's code for the token in a header; "" if it is the bot's."""
        if not authorization.startswith(BEARER):
            return "not_authed"
        token = authorization.removeprefix(BEARER)
        if not token or token != self._token or token in self._revoked:
            return "token_revoked" if token in self._revoked else "invalid_auth"
        return ""
