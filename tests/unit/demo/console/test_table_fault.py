import json
from typing import Any

from demo.console.table_fault import POLICY, TableFault
from holdfast_cli.stack import Stack


class Functions:
    def get_function_configuration(self, *, FunctionName: str) -> dict[str, str]:
        return {"Role": f"arn:aws:iam::000000000000:role/role-of-{FunctionName}"}


class Iam:
    def __init__(self) -> None:
        self.policies: dict[tuple[str, str], Any] = {}

    def put_role_policy(self, *, RoleName: str, PolicyName: str, PolicyDocument: str) -> None:
        self.policies[RoleName, PolicyName] = json.loads(PolicyDocument)

    def delete_role_policy(self, *, RoleName: str, PolicyName: str) -> None:
        del self.policies[RoleName, PolicyName]


def test_the_roles_of_both_functions_are_denied_the_table_until_it_is_back(stack: Stack) -> None:
    iam = Iam()
    fault = TableFault(iam, Functions(), stack)
    fault.switch(down=False)
    assert fault.switch(down=True) == fault.switch(down=True) == "the claims table is down"
    assert iam.policies.keys() == {("role-of-intake", POLICY), ("role-of-slack-alerts", POLICY)}
    [denied] = [one["Statement"][0] for one in iam.policies.values()][:1]
    assert (denied["Effect"], denied["Action"]) == ("Deny", "dynamodb:*")
    assert fault.is_down
    assert fault.switch(down=False) == "the claims table is back"
    assert not iam.policies
