"""The caller of an AWS API call and its address, as CloudTrail records them."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined

UNKNOWN_USER = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""CloudTrail records no name that may be a password typed in the wrong field."""


def actor_of(detail: Body) -> str:
    """Return `deploy`, `Admin (jane)`, `root user`, `lambda.amazonaws.com`; the names of people are shown."""
    user = detail.at("userIdentity")
    match user.text("type"):
        case "Root":
            return "root user"
        case "AssumedRole":
            role = user.text("sessionContext.sessionIssuer.userName")
            session = user.text("arn").rpartition("/")[2] or user.text("principalId").rpartition(":")[2]
            return joined(role, f"({session})" if session and role else session, by=" ") or "an assumed role"
        case "AWSAccount":
            return joined("account", user.text("accountId"), by=" ")
    return _name(user) or "an unknown user"


def _name(user: Body) -> str:
    """Return the name of a user of IAM, of a federation or of Identity Center, or of a service."""
    name = user.text("userName")
    if name and name != UNKNOWN_USER:
        return name
    return name_of(user.text("arn")) or user.text("onBehalfOf.userId", "invokedBy", "principalId")


def origin_of(detail: Body) -> str:
    """Return the address, or the service that called for the user."""
    return detail.text("sourceIPAddress")


def agent_of(detail: Body) -> str:
    """Return the program without the details of its platform: `aws-cli/2.15.0`."""
    agent = detail.text("userAgent")
    return agent if agent.startswith("Mozilla") else agent.partition(" ")[0].strip("[]")
