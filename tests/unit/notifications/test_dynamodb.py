import pytest

from tests.support.samples.notifications import parse_json, read_sample

[RECORD] = read_sample("dynamodb-stream.json")


def test_the_key_and_the_names_of_what_changed_are_shown_and_no_value() -> None:
    said = parse_json([RECORD])
    assert dict(said.facts) == {"Changed": "state", "Values": "hidden"}
    assert "FAILED" not in repr((said.summary, said.facts, said.reason))


@pytest.mark.parametrize(
    ("event", "summary"),
    [("INSERT", "item added: id order-17"), ("REMOVE", "item removed: id order-17"), ("", "item changed: id order-17")],
)
def test_each_event_says_what_happened_to_the_item(event: str, summary: str) -> None:
    assert parse_json([RECORD | {"eventName": event}]).summary == summary


def test_a_key_that_is_an_address_is_masked() -> None:
    keys = {"email": {"S": "canary@example.org"}, "n": {"N": "7"}, "b": {"B": "AAE="}}
    said = parse_json([RECORD | {"dynamodb": {"Keys": keys}}])
    assert said.summary == "item changed: email c…@example.org, n 7"
