"""Who may post to the Slack stand-in: webhooks, and a bot in its channels; made when asked for, dead when revoked."""

import secrets
from dataclasses import dataclass

BEARER = "Bearer "


@dataclass(frozen=True)
class Door:
    """Where a request knocked: a webhook's name or `#` and a channel's, "" for none; `refusal` is why it is shut."""

    name: str
    refusal: str = ""


class Access:
    """The secrets of one stand-in, and what each opens."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # path -> webhook, those that are dead too
        self._paths: dict[str, str] = {}  # webhook -> its newest path
        self._channels: dict[str, str] = {}  # id -> name
        self._token = ""
        self._dead: set[str] = set()  # paths and tokens

    def webhook_path(self, name: str) -> str:
        """Make the webhook of that name, or find it."""
        return self._paths.get(name) or self.rotate(name)

    def rotate(self, name: str) -> str:
        """Make a new path for the webhook of that name; the old one is dead."""
        self.revoke(name)
        path = f"/services/T0STANDIN/B{secrets.token_hex(4).upper()}/{secrets.token_urlsafe(18)}"
        self._names[path], self._paths[name] = name, path
        return path

    def revoke(self, name: str) -> None:
        """Shut the webhook of that name; it keeps its path."""
        if path := self._paths.get(name):
            self._dead.add(path)

    def token(self) -> str:
        """Make the bot's token, or find it; a new one where the last was revoked."""
        if not self._token or self._token in self._dead:
            self._token = f"xoxb-{secrets.randbelow(10**12):012d}-{secrets.token_hex(12)}"
        return self._token

    def revoke_token(self) -> None:
        """Shut the bot out."""
        self._dead.add(self._token)

    def channel_id(self, name: str) -> str:
        """Make the channel of that name with the bot in it, or find it."""
        for channel, known in self._channels.items():
            if known == name:
                return channel
        channel = f"C{secrets.token_hex(5).upper()}"
        self._channels[channel] = name
        return channel

    def by_webhook(self, path: str) -> Door:
        """A request's path -> the webhook."""
        name = self._names.get(path, "")
        return Door(name, "" if name and path not in self._dead else "no_service")

    def by_token(self, authorization: str, channel: str | None) -> Door:
        """A request's header and channel (None where nobody can read it) -> the channel."""
        name = f"#{self._channels.get(channel or '', 'unknown')}"
        if not authorization.startswith(BEARER):
            return Door(name, "not_authed")
        token = authorization.removeprefix(BEARER)
        if not token or token != self._token or token in self._dead:
            return Door(name, "token_revoked" if token in self._dead else "invalid_auth")
        return Door(name, "" if channel is None or channel in self._channels else "channel_not_found")
