"""CodeCommit: branches, tags, pull requests and comments."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

SHORT = 8
"""Characters of a commit id that people read."""


def repository(body: Body) -> Notification:
    """Return the change of a repository and its actor."""
    detail = body.at("detail")
    name = detail.text("repositoryName") or next(iter(detail.texts("repositoryNames")), "")
    actor = name_of(detail.text("callerUserArn", "author"))
    title = detail.text("title") or joined(detail.text("referenceType"), detail.text("referenceName"), by=" ")
    return notification(
        body,
        status=Status.NOTICE,
        label="CodeCommit",
        title=name,
        summary=joined(words(detail.text("event")), hidden("title", title), f"by {actor}" if actor else ""),
        facts=(
            ("Commit", detail.text("commitId")[:SHORT]),
            ("From", detail.text("sourceReference")),
            ("To", detail.text("destinationReference")),
        ),
        resources=(name,),
        links=console(
            body.text("region"),
            "codesuite/codecommit/repositories/{name}/browse?region={region}",
            "Open repository",
            name=name,
        ),
    )
