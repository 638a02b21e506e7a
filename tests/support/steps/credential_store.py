"""A credential store over a scripted store, the errors of that store, and two webhooks with a canary."""

from collections.abc import Callable

from botocore.exceptions import EndpointConnectionError

from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.models import Credentials
from slack_alerts.slack.egress import Egress
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


class ScriptedCredentials:
    """A credential store over a scripted store, on a fake clock."""

    def __init__(self, *answers: str | Exception | None, api_url: str = "https://slack.com/api") -> None:
        self.time = FakeTime(1000.0)
        self.store = ScriptedStore(list(answers))
        self.credential_store = CredentialStore(
            store=self.store,
            path=PATH,
            egress=Egress(frozenset({"hooks.slack.com", "slack.com"})),
            api_url=api_url,
            policy=AWS_READ.with_(sleep=lambda _: None),
            clock=self.time.clock,
        )

    def find(self, destination: str = "ops") -> Credentials:
        return self.credential_store.find(destination, self._deadline).credentials

    def find_newer(self, destination: str = "ops") -> Credentials | None:
        found = self.credential_store.find_newer(destination, self._deadline)
        return None if found is None else found.credentials

    @property
    def _deadline(self) -> Deadline:
        return self.time.deadline(60)

    @property
    def reads(self) -> int:
        return len(self.store.names)
