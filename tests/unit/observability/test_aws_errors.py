import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from observability.aws_errors import error_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"Code": "AccessDenied"}, "AccessDenied"),
        ({"Code": "AWS.SimpleQueueService.NonExistentQueue"}, "AWS.SimpleQueueService.NonExistentQueue"),
        ({"Code": "two words"}, "unknown_code"),
        ({"Code": "https://secret"}, "unknown_code"),
        ({}, "unknown_code"),
    ],
)
def test_only_a_well_formed_code_is_shown(error: dict[str, str], code: str) -> None:
    assert error_code(ClientError({"Error": error}, "Publish")) == code  # type: ignore[typeddict-item] # as AWS sends it


def test_an_error_of_botocores_own_is_named_by_its_class() -> None:
    assert error_code(ReadTimeoutError(endpoint_url="https://secret")) == "ReadTimeoutError"
