import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from observability.aws_errors import error_code


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("AccessDenied", "AccessDenied"),
        ("AWS.SimpleQueueService.NonExistentQueue", "AWS.SimpleQueueService.NonExistentQueue"),
        ("two words", "unknown_code"),
        ("https://secret", "unknown_code"),
        (None, "unknown_code"),
    ],
)
def test_a_code_that_looks_like_none_is_not_shown(code: str | None, shown: str) -> None:
    error = ClientError({"Error": {} if code is None else {"Code": code}}, "Publish")
    assert error_code(error) == shown


def test_an_error_of_botocores_own_is_named_by_its_class() -> None:
    assert error_code(ReadTimeoutError(endpoint_url="https://secret")) == "ReadTimeoutError"
