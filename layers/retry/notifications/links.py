"""Links to the AWS console, by partition and service. Every part that comes from outside is percent-encoded."""

import re
from urllib.parse import quote

from notifications.models import Link

CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""The host of the console in each partition; other partitions have no public console."""
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
KEPT = re.compile(r"[^A-Za-z0-9_.-]")


def partition_of(region: str) -> str:
    """Return the partition of a Region: cn- and us-gov- have their own."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def console(region: str, path: str, words: str, **parts: str) -> tuple[Link, ...]:
    """Return the link to a page of the console; () if the Region is unknown or a part is empty.

    `path` has a placeholder for each part: `console(region, "ecs/v2/clusters/{cluster}", "Cluster", cluster="prod")`.
    """
    if not REGION.fullmatch(region) or not all(parts.values()):
        return ()
    page = path.format(region=region, **{name: quote(part, safe="", errors="replace") for name, part in parts.items()})
    return (Link(words, f"https://{region}.{CONSOLES[partition_of(region)]}/{page}"),)


def health_page(region: str, arn: str) -> tuple[Link, ...]:
    """Return the page of an AWS Health event; Health has one console for all Regions of a partition."""
    page = f"health/home#/account/event-log?eventID={quote(arn, safe='', errors='replace')}&eventTab=details"
    return (Link("Open in Health", f"https://health.{CONSOLES[partition_of(region)]}/{page}"),) if arn else ()


def is_console(url: str) -> bool:
    """Return whether an address in an event is a page of the console."""
    host = url.removeprefix("https://").partition("/")[0]
    return url.startswith("https://") and any(host == one or host.endswith(f".{one}") for one in CONSOLES.values())


def fragment(text: str) -> str:
    """Return a text as the CloudWatch console encodes it in the fragment of its URL: `$` in place of `%`, twice."""
    return quote(quote(text, safe="", errors="replace"), safe="").replace("%", "$")


def starred(text: str) -> str:
    """Return a text as the CloudWatch console encodes it in a graph or a query: `AWS*2fEC2`."""
    return KEPT.sub(lambda found: "".join(f"*{byte:02x}" for byte in found[0].encode(errors="replace")), text)


def log_group(region: str, group: str, stream: str = "") -> tuple[Link, ...]:
    """Return the link to a log group, or to one of its streams."""
    if not group:
        return ()
    events = f"/log-events/{fragment(stream)}" if stream else ""
    page = "cloudwatch/home?region={region}#logsV2:log-groups/log-group/"
    return console(region, f"{page}{fragment(group)}{events}", "Logs")
