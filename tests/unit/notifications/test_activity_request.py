from notifications.activity_request import request_of
from tests.support.samples.notifications import body_of


def named(**parameters: object) -> tuple[tuple[str, str], ...]:
    return request_of(body_of(requestParameters=parameters))


def test_the_first_names_are_shown_without_their_arns() -> None:
    policy = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert named(userName="jane", policyArn=policy) == (("userName", "jane"), ("policyArn", "AdministratorAccess"))


def test_nested_names_are_found() -> None:
    items = {"items": [{"instanceId": "i-0a"}, {"instanceId": "i-0b"}]}
    assert named(instancesSet=items) == (("instanceId", "i-0a"),)


def test_values_that_name_nothing_and_secrets_are_not_shown() -> None:
    assert named(policyDocument="{}", body="x", accessKeyId="AKIAIOSFODNN7EXAMPLE", apiKey="abc") == ()


def test_four_names_are_enough() -> None:
    assert len(named(**{f"{letter}Name": letter for letter in "abcdef"})) == 4
