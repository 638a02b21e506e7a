"""Resolve the intrinsic functions of CloudFormation that the template uses.

`Ref` of a resource gives `<AlertsQueue>`, `GetAtt` gives `<AlertsQueue.Arn>`.
"""

import re
from collections.abc import Mapping
from typing import Any

# Any, because template values are compared with literals: a JSON type would need casts in each test.
type Node = Any
type Resource = dict[str, Node]

_NO_VALUE = object()


class Resolver:
    def __init__(self, template: Mapping[str, Node], values: Mapping[str, Node]) -> None:
        self._template = template
        self._values = values

    def section(self, name: str) -> dict[str, Resource]:
        """Resolve each resource or output whose condition holds."""
        return {key: self.resolve(one) for key, one in self._template[name].items() if self._exists(one)}

    def _exists(self, one: Resource) -> bool:
        return "Condition" not in one or self._holds(one["Condition"])

    def _holds(self, condition: str) -> bool:
        return bool(self.resolve(self._template["Conditions"][condition]))

    def resolve(self, node: Node) -> Node:
        """Resolve a value and all values in it, without those that become AWS::NoValue."""
        match node:
            case {"Ref": name}:
                return self._ref(name)
            case dict() if len(node) == 1 and next(iter(node)).startswith("Fn::"):
                return self._call(node)
            case dict():
                return {key: value for key, one in node.items() if (value := self.resolve(one)) is not _NO_VALUE}
            case list():
                return [value for one in node if (value := self.resolve(one)) is not _NO_VALUE]
            case _:
                return node

    def _call(self, function: Node) -> Node:
        match function:
            case {"Fn::GetAtt": [name, attribute]}:
                return f"<{self._existing(name)}.{attribute}>"
            case {"Fn::FindInMap": [table, row, column]}:
                return self._template["Mappings"][table][self.resolve(row)][self.resolve(column)]
            case {"Fn::If": [condition, then, otherwise]}:
                return self.resolve(then if self._holds(condition) else otherwise)
            case {"Fn::Select": [place, values]}:
                return self.resolve(values)[place]
            case {"Fn::Split": [separator, text]}:
                return self.resolve(text).split(separator)
            case {"Fn::Join": [separator, parts]}:
                return separator.join(self.resolve(parts))
            case {"Fn::Sub": str(text)}:
                return self._filled(text, {})
            case {"Fn::Sub": [str(text), dict(values)]}:
                return self._filled(text, {name: self.resolve(one) for name, one in values.items()})
        return self._is_true(function)

    def _is_true(self, function: Node) -> bool:
        """Evaluate a function of conditions and rules."""
        match function:
            case {"Fn::Equals": [left, right]}:
                return bool(self.resolve(left) == self.resolve(right))
            case {"Fn::Not": [condition]}:
                return not self.resolve(condition)
            case {"Fn::Contains": [values, value]}:
                return self.resolve(value) in self.resolve(values)
            case {"Fn::EachMemberEquals": [values, value]}:
                return set(self.resolve(values)) == {self.resolve(value)}
            case {"Fn::Or": conditions}:
                return any(map(self.resolve, conditions))
        raise NotImplementedError(f"the template now uses {function}: add it to this resolver")

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return a text of Fn::Sub with its names filled, first from these values."""
        pattern = r"\$\{([\w:]+)(\.\w+)?\}"
        return re.sub(pattern, lambda found: values.get(found[1]) or self._named(found[1], found[2]), text)

    def _named(self, name: str, attribute: str | None) -> str:
        return f"<{self._existing(name)}{attribute}>" if attribute else str(self._ref(name))

    def _ref(self, name: str) -> Node:
        if name == "AWS::NoValue":
            return _NO_VALUE
        return self._values[name] if name in self._values else f"<{self._existing(name)}>"

    def _existing(self, name: str) -> str:
        if not self._exists(self._template["Resources"][name]):
            raise LookupError(f"a reference to {name}, which these parameters do not make")
        return name
