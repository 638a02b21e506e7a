"""ARNs: the name that people use for the resource, its Region and account, and ARNs inside a text."""

import re

ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>[a-z0-9-]*):(?P<name>.+)",
    re.DOTALL,
)
IN_TEXT = re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9-]*:[^\s\"'`,;()\[\]{}<>]*[\w/*]")
NAMES = {
    service: re.compile(pattern)
    for service, pattern in {
        "cloudformation": r"(?:stack|stackset|changeSet)/([^/:]+).*",
        "cloudwatch": r"alarm:(.+)",
        "dynamodb": r"table/([^/]+).*",
        "ecr": r"repository/(.+)",
        "elasticloadbalancing": r"(?:loadbalancer|targetgroup|listener)/(?:(?:app|net|gwy)/)?([^/]+).*",
        "lambda": r"(?:function|layer):(.+?)(?::\$LATEST)?",
        "logs": r"log-group:(.+?)(?::\*|:log-stream:.*)?",
        "s3": r"(.+)",
        "secretsmanager": r"secret:(.+?)(?:-[A-Za-z0-9]{6})?",
        "ssm": r"parameter(/.+/.+)",
        "sts": r"assumed-role/(.+)",
    }.items()
}
"""The part of the resource that is its name, by service; of other services it is the last part."""


def name_of(arn: str) -> str:
    """Return the name in an ARN, without the type before it; a text that is no ARN is its own name."""
    match = ARN.fullmatch(arn)
    if not match:
        return arn
    pattern = NAMES.get(match["service"])
    named = pattern.fullmatch(match["name"]) if pattern else None
    return named[1] if named else re.split(r"[:/]", match["name"])[-1]


def with_names(text: str) -> str:
    """Return a text in which each ARN is replaced by its name."""
    return IN_TEXT.sub(lambda found: name_of(found[0]), text)


def region_of(arn: str) -> str:
    match = ARN.fullmatch(arn)
    return match["region"] if match else ""


def account_of(arn: str) -> str:
    match = ARN.fullmatch(arn)
    return match["account"] if match and match["account"].isdecimal() else ""
