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


def partition_of(region: str) -> str:
    """Return the partition of a Region: cn- and us-gov- have their own."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def console(region: str, path: str, words: str, **parts: str) -> tuple[Link, ...]:
    """Return the link to a page of the console; () if the Region is unknown or a part is empty.

    `path` has a placeholder for each part: `console(region, "ecs/v2/clusters/{cluster}", "Cluster", cluster="prod")`.
    """
    host = CONSOLES.get(partition_of(region), "")
    if not host or not REGION.fullmatch(region) or not all(parts.values()):
        return ()
    encoded = {name: quote(part, safe="", errors="replace") for name, part in parts.items()}
    page = path.format(region=region, **encoded)
    return (Link(words, f"https://{region}.{host}/{page}"),)


def fragment(text: str) -> str:
    """Return a text as the CloudWatch console encodes it in the fragment of its URL: `$` in place of `%`, twice."""
    return quote(quote(text, safe="", errors="replace"), safe="").replace("%", "$")
