"""The kinds of events: matcher, parser and samples of each. `make kinds` prints this table.

A parser is a function `Body -> Notification` in a module that is imported when its row matches. To add a kind, write
the function, a row in the module of its family here, and a sample in events/kinds/ (docs/adding-a-kind.md).
"""

from notifications.body import Body
from notifications.kinds.account import ACCOUNT
from notifications.kinds.activity import ACTIVITY
from notifications.kinds.alarms import ALARMS
from notifications.kinds.compute import COMPUTE
from notifications.kinds.cost import COST
from notifications.kinds.data import DATA
from notifications.kinds.deployments import DEPLOYMENTS
from notifications.kinds.mail import MAIL
from notifications.kinds.operations import OPERATIONS
from notifications.kinds.other_tools import OTHER_TOOLS
from notifications.kinds.row import Row
from notifications.kinds.security import SECURITY

KINDS = (
    *ALARMS,
    *ACTIVITY,
    *SECURITY,
    *ACCOUNT,
    *COST,
    *DEPLOYMENTS,
    *COMPUTE,
    *DATA,
    *MAIL,
    *OPERATIONS,
    *OTHER_TOOLS,
)
"""The first row that matches decides."""


def find(body: Body) -> Row | None:
    """Return the row of the body's kind, or None."""
    return next((row for row in KINDS if row.matches(body)), None)
