from dataclasses import fields
from typing import get_type_hints

from retry_policies.changes import PolicyChanges
from retry_policies.parameters import PolicyParameters


def test_the_changes_are_the_fields_of_a_policy() -> None:
    types = get_type_hints(PolicyParameters)
    assert get_type_hints(PolicyChanges) == {field.name: types[field.name] for field in fields(PolicyParameters)}
