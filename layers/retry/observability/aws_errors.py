"""What boto3 raises when a call fails, and the code to show for it: never its text, which may quote an answer."""

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from retry_policies.aws_answers import known_code

AWS_ERRORS = (ClientError, BotoCoreError, ResponseParserError)
"""ResponseParserError is none of the other two: an answer that was no answer of AWS's."""


def error_code(error: Exception) -> str:
    """AWS's own code, if it looks like one, else the exception's name."""
    if isinstance(error, ClientError):
        return known_code(error.response.get("Error", {}).get("Code"))
    return type(error).__name__
