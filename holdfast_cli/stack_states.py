"""The states of a stack, and how to continue from those that no update can change."""

REVIEW = "REVIEW_IN_PROGRESS"
"""The state of an empty stack: nobody has executed its first change set."""
GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
DELETE = "delete it, then deploy again: aws cloudformation delete-stack --stack-name {name}"
STUCK = {
    "CREATE_FAILED": DELETE,
    "ROLLBACK_COMPLETE": DELETE,
    "ROLLBACK_FAILED": DELETE,
    "DELETE_FAILED": DELETE,
    "UPDATE_FAILED": "restore the former state: aws cloudformation rollback-stack --stack-name {name}",
    "UPDATE_ROLLBACK_FAILED": (
        "restore the former state: aws cloudformation continue-update-rollback --stack-name {name}"
    ),
}
"""The states that CloudFormation does not update, with the advice."""


def advice_for(name: str, status: str) -> str:
    """Return the advice for a stack whose deployment is not good."""
    if status.endswith("_IN_PROGRESS"):
        return "wait until CloudFormation has ended, then try again"
    if status in STUCK:
        return STUCK[status].format(name=name)
    return "correct the cause, then deploy again; CloudFormation has restored the former state"
