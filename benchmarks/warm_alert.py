"""The warm handler of slack_alerts, with Slack and AWS on this machine."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self
from unittest.mock import patch

import certifi

from benchmarks.local_servers import local_servers
from record_batch.lanes import run_lanes
from shared_state.memory_rows import MemoryRows
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts import app
from slack_alerts.models import Credentials, Place, SlackMessage, Webhook
from slack_alerts.slack.connecting import tls_context
from slack_alerts.slack.http import SlackHttp
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.stack.environment import environment


@dataclass(frozen=True, kw_only=True)
class WarmAlert:
    """One execution environment."""

    webhook: Webhook
    slack: SlackHttp
    steps: app.Steps
    numbers: Iterator[int] = field(default_factory=count)

    def handle(self, alerts: int = 1) -> None:
        """Deliver a batch of new alerts, one post each."""
        numbers = [next(self.numbers) for _ in range(alerts)]
        bodies = [sns_body(alarm_message(AlarmName=f"alarm-{one}"), message_id=f"sns-{one}") for one in numbers]
        event = lane_event(*bodies, first=numbers[0])
        response = run_lanes(event, FixedContext(), partial(app.alert, self.steps), self.steps.resources)
        if response["batchItemFailures"]:
            raise RuntimeError(f"not delivered: {response}")

    def in_memory(self) -> Self:
        """Return the same with claims in memory."""
        rows = RowsWithFallback(MemoryRows())
        delivery = self.steps.delivery
        lanes, claims = replace(delivery.lanes, rows=rows), replace(delivery.claims, rows=rows)
        return self._with(replace(delivery, lanes=lanes, claims=claims))

    def renewing(self) -> Self:
        """Return the same with a new TLS context for each post, as the code was before."""

        def post(credentials: Credentials, message: SlackMessage, timeout: float) -> Place | None:
            tls_context.cache_clear()
            return self.slack.post(credentials, message, timeout)

        return self._with(replace(self.steps.delivery, post=post))

    def _with(self, delivery: object) -> Self:
        return replace(self, steps=replace(self.steps, delivery=delivery))  # type: ignore[arg-type] # Services


@contextmanager
def warm_alert() -> Iterator[WarmAlert]:
    """Yield an execution environment that has handled an alert; Slack's certificates are certifi's and a test CA's."""
    with ExitStack() as stack:
        servers = stack.enter_context(local_servers())
        bundle = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "ca.pem"
        bundle.write_text(Path(certifi.where()).read_text() + servers.authority)
        stack.enter_context(patch.dict(os.environ, _environment(servers.aws)))
        app.wire.cache_clear()
        stack.callback(app.wire.cache_clear)
        steps, http = app.wire(), SlackHttp(ca_file=str(bundle))
        delivery = replace(steps.delivery, post=http.post, digest_from=0, post_interval=0.0)
        alert = WarmAlert(webhook=Webhook(servers.webhook), slack=http, steps=replace(steps, delivery=delivery))
        alert.handle()
        yield alert


def _environment(endpoint: str) -> dict[str, str]:
    urls = dict.fromkeys(("LanesQueue", "ParkingQueue"), f"{endpoint}/queue")
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "none")
    variables = environment("SlackAlerts", urls) | {"ALLOWED_HOSTS": "localhost"}
    return variables | keys | {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "eu-west-1"}
