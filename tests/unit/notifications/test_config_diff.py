import pytest

from notifications.config_diff import changes_of
from tests.support.samples.notifications import body_of


def changes(name: str, before: object, after: object) -> list[str]:
    return changes_of(body_of(changedProperties={name: {"previousValue": before, "updatedValue": after}}))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("available", "in-use", ["Size: available → in-use"]),
        (1, 2048, ["Size: 1 → 2,048"]),
        (True, False, ["Size: yes → no"]),
        (None, "x", ["Size added: x"]),
        ("x", None, ["Size removed: x"]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["Size.b: 2 → 3"]),
        ({"a": 1}, {"a": 1, "b": 3}, ["Size.b: nothing → 3"]),
        (
            '{"Statement": [{"Effect": "Deny"}]}',
            '{"Statement": [{"Effect": "Allow"}]}',
            ["Size.Statement.0.Effect: Deny → Allow"],
        ),
        ("{not json", "x", ["Size: {not json → x"]),
        (None, None, []),
        ({}, [], []),
    ],
)
def test_only_the_difference_is_said(before: object, after: object, expected: list[str]) -> None:
    assert changes("Configuration.Size", before, after) == expected


def test_secrets_are_hidden_by_the_name_of_the_property() -> None:
    said = changes("Configuration.Environment", {"DB_PASSWORD": "old"}, {"DB_PASSWORD": "new"})
    assert said == ["Environment.DB_PASSWORD: [hidden] → [hidden]"]


def test_a_long_value_is_cut() -> None:
    assert changes("Configuration.Policy", None, "x" * 500) == [f"Policy added: {'x' * 100}…"]


def test_relationships_come_last() -> None:
    change = {"previousValue": "a", "updatedValue": "b"}
    said = changes_of(
        body_of(changedProperties={"Relationships.0": change, "Tags": change, "Configuration.State": change})
    )
    assert said == ["State: a → b", "Tags: a → b", "Relationships.0: a → b"]
