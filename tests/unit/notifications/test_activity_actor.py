import pytest

from notifications.activity_actor import actor_of, agent_of, origin_of
from tests.support.samples.notifications import body_of


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"type": "Root", "arn": "arn:aws:iam::111122223333:root"}, "root user"),
        ({"type": "IAMUser", "userName": "deploy"}, "deploy"),
        ({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ci/deploy"}, "deploy"),
        ({"type": "IAMUser", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"}, "an unknown user"),
        (
            {
                "type": "AssumedRole",
                "arn": "arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com",
                "sessionContext": {"sessionIssuer": {"userName": "Admin"}},
            },
            "Admin (jane@example.com)",
        ),
        ({"type": "AssumedRole", "principalId": "AROAEXAMPLE:i-0a"}, "i-0a"),
        ({"type": "AssumedRole"}, "an assumed role"),
        ({"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}, "autoscaling.amazonaws.com"),
        ({"type": "AWSAccount", "accountId": "444455556666"}, "account 444455556666"),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "a1b2c3"}}, "a1b2c3"),
        ({"type": "WebIdentityUser", "userName": "repo:shop/api"}, "repo:shop/api"),
        ({}, "an unknown user"),
    ],
)
def test_the_actor_is_a_name_that_people_know(user: object, expected: str) -> None:
    assert actor_of(body_of(userIdentity=user)) == expected


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0", "aws-cli/2.15.0"),
        ("[Boto3/1.35.0 Python/3.13]", "Boto3/1.35.0"),
        ("Mozilla/5.0 (Macintosh)", "Mozilla/5.0 (Macintosh)"),
        ("", ""),
    ],
)
def test_the_client_is_short(agent: str, expected: str) -> None:
    assert agent_of(body_of(userAgent=agent)) == expected


def test_the_origin_is_an_address_or_a_service() -> None:
    assert origin_of(body_of(sourceIPAddress="cloudformation.amazonaws.com")) == "cloudformation.amazonaws.com"
