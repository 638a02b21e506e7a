import pytest

from notifications.hiding import HIDDEN, hidden, masked


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("detail.password", "hunter2"),
        ("detail.requestParameters.masterUserPassword", "hunter2"),
        ("headers.Authorization", "Basic abc"),
        ("requestPayload.order", "42"),
        ("detail.apiKey", "k-1"),
        ("detail.session_token", "t"),
    ],
)
def test_a_secret_is_hidden_by_its_key(path: str, text: str) -> None:
    assert hidden(path, text) == HIDDEN


@pytest.mark.parametrize("path", ["detail.accessKeyId", "detail.secretArn", "detail.tokenType", "detail.state"])
def test_the_name_of_a_secret_is_shown(path: str) -> None:
    assert hidden(path, "name-1") == "name-1"


@pytest.mark.parametrize(
    "text",
    [
        "key AKIAABCDEFGHIJKLMNOP used",
        "bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "xoxb-123456789012-abcdef",
        "-----BEGIN RSA PRIVATE KEY-----",
        "password=hunter2 rejected",
    ],
)
def test_a_secret_is_hidden_by_its_shape(text: str) -> None:
    assert HIDDEN in hidden("detail.message", text)
    assert "hunter2" not in hidden("detail.message", text)


def test_recipients_are_masked_and_actors_are_not() -> None:
    assert hidden("mail.destination", "ann.smith@example.com") == "a…@example.com"
    assert hidden("detail.userIdentity.principalId", "ann@example.com") == "ann@example.com"
    assert masked("to ann@example.com and bob@example.org") == "to a…@example.com and b…@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\ncanary",
        "postgres://app:canary@db.example.com/x",
        "https://hooks.slack.com/services/canary",
        "ghp_canary0123456789abcdef",
        "sk_live_canary0123456789",
        "Authorization: Bearer canary0123456789",
        "https://s3.example.com/x?X-Amz-Signature=canary",
        '{"password": "canary"}',
        "api_key=canary;",
        "DB_PASSWORD=canary",
        "client_secret: canary",
        "access_token=canary",
        "aws_secret_access_key = canary",
        '{"dbPassword": "canary"}',
        r"{\"password\": \"canary\"}",
        "AccountKey=canary==;EndpointSuffix=core.windows.net",
        "mysql --password canary",
        "redis://:canary@cache:6379",
        "https://hooks.slack-gov.com/services/canary",
        "xapp-1-canary0123",
        "sk_test_canary0123456789",
        "sk-proj-canary0123456789canary",
        "npm_canary0123456789canary",
        "whsec_canary0123456789canary",
        "SG.abcdefghijklmnop.canary0123456789canary",
        'password="my canary"',
        "{'password': 'my canary'}",
        r"{\"password\": \"my canary\"}",
        "mysql --password 'my canary'",
        "Authorization: canary",
        "Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=canary",
        '{"Authorization": "Digest x, canary"}',
        "Set-Cookie: session=canary; Path=/",
    ],
)
def test_the_whole_secret_is_hidden(text: str) -> None:
    assert "canary" not in hidden("detail.message", text)


@pytest.mark.parametrize("path", ["detail.connectionString", "detail.passcode", "webhook_url", "auth.jwt", "mfaCode"])
def test_a_credential_is_hidden_by_its_key(path: str) -> None:
    assert hidden(path, "canary") == HIDDEN


def test_the_text_around_a_hidden_value_stays() -> None:
    assert hidden("detail.message", 'password="a b", user="c"') == f'{HIDDEN}", user="c"'
    assert hidden("detail.message", '{"password": "", "user": "c"}') == '{"password": "", "user": "c"}'


@pytest.mark.parametrize("path", ["customer.phoneNumber", "card_number", "environment-variables.0.value", "user.ssn"])
def test_a_personal_value_is_hidden_by_its_key(path: str) -> None:
    assert hidden(path, "canary") == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "https://git.example.com/a:b/c@main",
        "basic plan",
        "the token expired",
        "secret-ish",
        "ExpiredToken: it expired",
        "cookies: 3",
    ],
)
def test_an_ordinary_text_is_shown(text: str) -> None:
    assert hidden("detail.message", text) == text
