from botocore.exceptions import ClientError, ReadTimeoutError

from observability.aws_errors import error_code


def test_an_error_is_shown_by_its_code_if_that_is_well_formed_else_by_its_class() -> None:
    codes = {"AccessDenied": "AccessDenied", "https://secret": "unknown_code"}
    for code, shown in codes.items():
        assert error_code(ClientError({"Error": {"Code": code}}, "Publish")) == shown
    assert error_code(ClientError({}, "Publish")) == "unknown_code"
    assert error_code(ReadTimeoutError(endpoint_url="https://secret")) == "ReadTimeoutError"
