"""What boto3 raises when a call fails, and the code to show for it: never its text, which may quote an answer."""

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

AWS_ERRORS = (ClientError, BotoCoreError, ResponseParserError)
"""ResponseParserError is none of the other two: an answer that was no answer of AWS's."""


def error_code(error: Exception) -> str:
    """AWS's own code, else the exception's name."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__
