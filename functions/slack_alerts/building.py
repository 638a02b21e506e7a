"""Build the parts of slack_alerts from its settings; the caller passes the AWS clients."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from observability.ops import OpsTopic
from observability.telemetry import with_telemetry
from outcomes.metrics import report_pause
from record_batch.lane_batch import LaneResources
from record_batch.lane_queue import LaneQueue
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from retry_policies import RetryPolicy
from retry_policies.presets import AWS_WRITE, SLACK_WEBHOOK
from shared_state.claims import Claims
from shared_state.lane_state import LaneStates
from shared_state.last_success import LastSuccess
from shared_state.rows import SharedRows
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.failures import classify
from slack_alerts.delivery.services import Services
from slack_alerts.delivery.thread_services import build_headlines, build_open_alarms, build_threads
from slack_alerts.self_tests import SelfTestLane
from slack_alerts.settings import Settings
from slack_alerts.slack.http import SlackHttp


def build_delivery(
    settings: Settings, credential_store: CredentialStore, rows: SharedRows, sns: Callable[[], Any]
) -> Services:
    """Return the services of a delivery without pictures; `sns` is called at the first notice to operations."""
    topic = OpsTopic(sns, settings.ops_topic_arn, with_telemetry(AWS_WRITE.with_(repeatable=True)))
    return Services(
        destinations=Destinations(credential_store, settings.default_destination),
        lanes=_lane_states(settings, rows),
        threads=cache(partial(build_threads, rows)),
        open_alarms=cache(partial(build_open_alarms, rows)),
        edits_messages=settings.edits_messages,
        headlines=cache(partial(build_headlines, rows, SlackHttp(settings.slack_api_url).update)),
        claims=_claims(settings, rows),
        post=SlackHttp(settings.slack_api_url).post,
        policy=_post_policy(settings),
        digest_from=settings.digest_from,
        post_interval=settings.post_interval,
        notify_ops=topic.publish,
    )


def build_self_tests(settings: Settings, credential_store: CredentialStore, rows: SharedRows) -> SelfTestLane:
    """Return the step that ends heartbeats and test alarms."""
    last_heartbeat, last_test_alarm = LastSuccess(rows, "heartbeat"), LastSuccess(rows, "test_alarm")
    default = settings.default_destination
    return SelfTestLane(credential_store, default, last_heartbeat, last_test_alarm, settings.has_test_alarm)


def _claims(settings: Settings, rows: SharedRows) -> Claims:
    return Claims(rows=rows, lease=settings.lease, unanswered_limit=settings.unanswered_limit)


def build_resources(settings: Settings, overflow: Overflow, sqs: Any) -> LaneResources:  # noqa: ANN401 - boto3's client
    """Return the queues and the times of the batch loop."""
    policy = with_telemetry(AWS_WRITE.with_(repeatable=True))
    return LaneResources(
        lanes=LaneQueue(sqs=sqs, url=settings.lanes_queue_url, overflow=overflow, policy=policy),
        parking=Parking(sqs, settings.parking_queue_url, overflow),
        reserve=settings.reserve,
        lane_time=settings.lane_time,
        crash_pause=settings.lease,
        default_lane=settings.default_destination,
    )


def _lane_states(settings: Settings, rows: SharedRows) -> LaneStates:
    return LaneStates(
        rows=rows,
        first_pause=settings.first_pause,
        pause_cap=settings.pause_cap,
        doubt_pause_cap=settings.doubt_pause_cap,
    )


def _post_policy(settings: Settings) -> RetryPolicy:
    return with_telemetry(
        SLACK_WEBHOOK.with_(classifier=classify, min_attempt_time=settings.least_post_time, on_retry=(report_pause,))
    )
