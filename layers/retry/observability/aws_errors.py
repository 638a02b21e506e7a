"""The errors that boto3 raises for a failed call, and their codes. Their text may quote a response with a secret."""

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from retry_policies.aws_answers import known_code

AWS_ERRORS = (ClientError, BotoCoreError, ResponseParserError)
"""ResponseParserError derives from neither of the others: the response was not one of AWS's."""


def error_code(error: Exception) -> str:
    """Return AWS's code if it is well-formed, else the exception's name."""
    if isinstance(error, ClientError):
        return known_code(error.response.get("Error", {}).get("Code"))
    return type(error).__name__
