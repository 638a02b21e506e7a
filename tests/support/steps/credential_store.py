"""A credential store over a scripted store, what the store may come to, and two webhooks with a canary."""

from collections.abc import Callable

from botocore.exceptions import EndpointConnectionError

from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.models import Credentials
from slack_alerts.slack.egress import Egress
from tests.support.steps.clock import FakeClock
from tests.support.steps.scripted_store import ScriptedStore, refusal

PATH = "/holdfast/destinations"
OLD = "https://hooks.slack.com/services/T000/B000/canary-old"
NEW = "https://hooks.slack.com/services/T000/B000/canary-new"
FAILURES: dict[str, Callable[[], Exception]] = {
    "ThrottlingException": lambda: refusal("ThrottlingException"),
    "AccessDeniedException": lambda: refusal("AccessDeniedException"),
    "InvalidKeyId": lambda: refusal("InvalidKeyId"),
    "InternalServerError": lambda: refusal("InternalServerError", 500),
    "EndpointConnectionError": lambda: EndpointConnectionError(endpoint_url="https://ssm.example.com"),
}
"""By code: throttled, denied (by IAM or by KMS), the key disabled, down, out of reach."""


class Ring:
    """A credential store over a scripted store, on a clock that stands still."""

    def __init__(self, *answers: str | Exception | None, api_url: str = "https://slack.com/api") -> None:
        self.clock = FakeClock()
        self.store = ScriptedStore(list(answers))
        self.credential_store = CredentialStore(
            store=self.store,
            path=PATH,
            egress=Egress(frozenset({"hooks.slack.com", "slack.com"})),
            api_url=api_url,
            policy=AWS_READ.with_(sleep=lambda _: None),
            clock=self.clock,
        )

    def find(self, destination: str = "ops") -> Credentials:
        """As the credential store does, with time enough."""
        return self.credential_store.find(destination, self.deadline).credentials

    def find_newer(self, destination: str = "ops") -> Credentials | None:
        """As the credential store does, with time enough."""
        found = self.credential_store.find_newer(destination, self.deadline)
        return None if found is None else found.credentials

    @property
    def deadline(self) -> Deadline:
        """A minute from now."""
        return Deadline.after(60, clock=self.clock)

    @property
    def readings(self) -> int:
        """How often the store was asked."""
        return len(self.store.names)
