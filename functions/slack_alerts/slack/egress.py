"""Where the function may send: known hosts, over TLS."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SLACK = ("slack.com", "slack-gov.com")
HTTPS = 443


class ForbiddenUrl(ValueError):
    """A URL that may not be called; the message is the rule it breaks and shows nothing of it."""


@dataclass(frozen=True, slots=True)
class Egress:
    """The hosts that may be called. This machine may always be, in plain HTTP too and on any port."""

    hosts: frozenset[str]
    allows_plain: bool = False
    """With the quick pace: hosts that are not Slack's are called as this machine is."""

    def check(self, url: str) -> SplitResult:
        """Its parts; raises ForbiddenUrl."""
        if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise ForbiddenUrl("must be one line of plain ASCII, without blanks and backslashes")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port, parts = "", None, SplitResult("", "", "", "", "")
        if parts.scheme not in {"https", "http"} or not host:
            raise ForbiddenUrl("must be a URL that starts with https:// and names a host")
        if parts.username is not None or parts.password is not None:
            raise ForbiddenUrl("must name no user")
        if host in LOOPBACK:
            return parts
        if host not in self.hosts:
            raise ForbiddenUrl("must name one of the allowed hosts (parameter AllowedHosts)")
        if self.allows_plain and not _is_slack(host):
            return parts
        if parts.scheme != "https":
            raise ForbiddenUrl("must start with https://")
        if port not in {None, HTTPS}:
            raise ForbiddenUrl("must name no port but 443")
        return parts


def _is_slack(host: str) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in SLACK)
