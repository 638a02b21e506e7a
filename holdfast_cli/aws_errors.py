"""What AWS says no to, in words."""

from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from holdfast_cli.failures import CommandFailed


def in_words[T](doing: str, act: Callable[[], T]) -> T:
    """Do it; what boto3 raises becomes words, in which no value of a request stands: one may be a secret."""
    try:
        return act()
    except ProfileNotFound:
        failed = CommandFailed(f"{doing}: there is no such profile", "see your profiles: aws configure list-profiles")
    except NoCredentialsError:
        failed = CommandFailed(f"{doing}: no AWS credentials", "sign in, or name a profile: export AWS_PROFILE=…")
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        failed = CommandFailed(f"{doing}: AWS answered {code}", f"see whether you may do that: {error.operation_name}")
    except BotoCoreError as error:
        failed = CommandFailed(f"{doing}: {type(error).__name__}", "check region, network and proxy")
    raise failed  # here, so that the cause with its values is not in its context
