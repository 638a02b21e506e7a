"""Lambda's context, as intake needs it."""

from typing import Protocol

from retry_policies.deadline import LambdaContext


class Invocation(LambdaContext, Protocol):
    """Lambda's context."""

    @property
    def aws_request_id(self) -> str: ...
