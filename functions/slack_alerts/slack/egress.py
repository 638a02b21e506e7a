"""The URLs that the function may call: allowed hosts over TLS."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SLACK = ("slack.com", "slack-gov.com")
HTTPS = 443


class ForbiddenUrl(ValueError):
    """The function must not call a URL; the message is the broken rule and shows nothing of the URL."""


@dataclass(frozen=True, slots=True)
class Egress:
    """The allowed hosts. Loopback is always allowed, also with plain HTTP and on any port."""

    hosts: frozenset[str]
    allows_plain: bool = False
    """Whether allowed hosts other than Slack's may also use plain HTTP and any port; true with Pace=quick."""

    def check(self, url: str) -> SplitResult:
        """Return the parts of the URL. Raises ForbiddenUrl."""
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
