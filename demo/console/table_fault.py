"""A fault of DeliveriesTable: a policy on the functions' roles that denies it."""

import json
from typing import Any

from holdfast_cli.stack import Stack

POLICY = "demo-table-is-down"
DENY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}]})


class TableFault:
    """A table that denies access acts like one that does not answer: alerts are delivered without their claim."""

    def __init__(self, iam: Any, functions: Any, stack: Stack) -> None:  # noqa: ANN401 - no types are installed
        self._iam, self._functions = iam, functions
        self._names = (stack.intake_function_name, stack.slack_alerts_function_name)
        self.is_down = False

    def switch(self, *, down: bool) -> str:
        """Deny access to the table, or end the denial."""
        for name in self._names if down != self.is_down else ():
            role = self._functions.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
            if down:
                self._iam.put_role_policy(RoleName=role, PolicyName=POLICY, PolicyDocument=DENY)
            else:
                self._iam.delete_role_policy(RoleName=role, PolicyName=POLICY)
        self.is_down = down
        return f"the claims table is {'down' if down else 'back'}"
