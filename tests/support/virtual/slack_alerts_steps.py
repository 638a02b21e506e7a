"""The steps of slack_alerts in a virtual stack."""

from observability.ops import OpsTopic
from record_batch.admission import Admission
from record_batch.lane_batch import LaneResources
from retry_policies import RetryPolicy
from retry_policies.presets import SLACK_WEBHOOK
from shared_state.alarm_threads import AlarmThreads
from shared_state.claims import Claims
from shared_state.index_row import IndexRow
from shared_state.lane_state import LaneStates
from shared_state.last_success import LastSuccess
from shared_state.open_alarms import OpenAlarms
from shared_state.rows_with_fallback import RowsWithFallback
from shared_state.stale_headlines import StaleHeadlines
from slack_alerts import app
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.failures import classify
from slack_alerts.delivery.headlines import EditBudget, Headlines
from slack_alerts.delivery.services import Services
from slack_alerts.models import Post
from slack_alerts.self_tests import SelfTestLane
from slack_alerts.settings import POST_SHARE_OF_RESERVE
from slack_alerts.slack.egress import Egress
from tests.support.virtual.alert_messages import DEFAULT, HOST
from tests.support.virtual.stack import VirtualStack
from tests.support.virtual.timing import timing

PATH = "/destinations"


def slack_alerts_steps(stack: VirtualStack, post: Post, *, unanswered_limit: int, digest_from: int) -> app.Steps:
    """Build the steps as slack_alerts.app.wire() does."""
    world, rows = stack.world, stack.new_rows()
    credential_store = _credential_store(stack)
    headlines = _headlines(stack, rows)
    heartbeat, test_alarm = (
        LastSuccess(rows, name, world.wall, stack.new_token) for name in ("heartbeat", "test_alarm")
    )
    return app.Steps(
        admission=Admission(stack.stages[1].queue.arn, None, clock=world.wall),
        self_tests=SelfTestLane(credential_store, DEFAULT, heartbeat, test_alarm, is_expected=False),
        delivery=Services(
            destinations=Destinations(credential_store, DEFAULT),
            lanes=_lane_states(stack, rows),
            open_alarms=lambda: OpenAlarms(_index(stack, rows, "reminders#open")),
            edits_messages=True,
            headlines=lambda: headlines,
            threads=lambda: headlines.threads,
            claims=_claims(stack, rows, unanswered_limit),
            post=post,
            policy=_slack_policy(stack),
            digest_from=digest_from,
            post_interval=timing()["PostInterval"],
            notify_ops=OpsTopic(lambda: stack.topic, "ops", stack.write, world.monotonic).publish,
            clock=world.wall,
            monotonic=world.monotonic,
            sleep=world.sleep,
        ),
        resources=_lane_resources(stack),
    )


def _index(stack: VirtualStack, rows: RowsWithFallback, key: str) -> IndexRow:
    return IndexRow(rows=rows, key=key, clock=stack.world.wall, new_token=stack.new_token)


def _headlines(stack: VirtualStack, rows: RowsWithFallback) -> Headlines:
    world = stack.world
    return Headlines(
        AlarmThreads(rows=rows, clock=world.wall, new_token=stack.new_token),
        StaleHeadlines(_index(stack, rows, "headlines#stale")),
        stack.slack.update,
        EditBudget(world.monotonic),
    )


def _credential_store(stack: VirtualStack) -> CredentialStore:
    return CredentialStore(
        store=stack.store,
        path=PATH,
        egress=Egress(frozenset({HOST})),
        api_url=f"https://{HOST}/api",
        policy=stack.read,
        clock=stack.world.monotonic,
    )


def _slack_policy(stack: VirtualStack) -> RetryPolicy:
    least = POST_SHARE_OF_RESERVE * timing()["Reserve"]
    return SLACK_WEBHOOK.with_(classifier=classify, min_attempt_time=least).with_(**stack.virtual_time)


def _claims(stack: VirtualStack, rows: RowsWithFallback, unanswered_limit: int) -> Claims:
    return Claims(
        rows=rows,
        lease=timing()["LaneLease"],
        unanswered_limit=unanswered_limit,
        clock=stack.world.wall,
        new_token=stack.new_token,
    )


def _lane_resources(stack: VirtualStack) -> LaneResources:
    given = timing()
    return LaneResources(
        lanes=stack.lane_queue(),
        parking=stack.new_parking(),
        reserve=given["Reserve"],
        lane_time=given["LaneSeconds"],
        crash_pause=given["LaneLease"],
        default_lane=DEFAULT,
    )


def _lane_states(stack: VirtualStack, rows: RowsWithFallback) -> LaneStates:
    given = timing()
    return LaneStates(
        rows=rows,
        first_pause=given["FirstPause"],
        pause_cap=given["PauseCap"],
        doubt_pause_cap=given["DoubtPauseCap"],
        clock=stack.world.wall,
        new_token=stack.new_token,
        uniform=stack.world.rng.uniform,
    )
