"""The facts that the steps of intake pass on."""

from dataclasses import dataclass
from typing import Protocol

from aws_events.envelope import Record
from retry_policies.deadline import LambdaContext


class Invocation(LambdaContext, Protocol):
    """Lambda's context."""

    @property
    def aws_request_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Routed:
    """A record with its lane and the facts that slack_alerts needs."""

    record: Record
    lane: str
    identity: str
    mention: str = ""
    """Slack's markup such as `<!here>`, from the routes document only."""
    account_name: str = ""
    """The name of the account in the routes document."""
    as_text: bool = False
    """Whether parsing or routing failed: the default lane shows the record as text."""
