"""Roads whose handler is a few lines of the test, and how their batches end."""

from collections.abc import Callable
from typing import Any

from slack_alerts.models import SlackMessage, SlackRefused, SlackUnreachable, Webhook
from tests.support.virtual.function import Handler, VirtualContext
from tests.support.virtual.road import Numbers, Road
from tests.support.virtual.world import World

HOOK = Webhook("https://hooks.slack.com/services/T000/B000/one")
type Work = Callable[[Any, VirtualContext], object]


def road(world: World, handler: Handler, **numbers: Any) -> Road:  # noqa: ANN401 - each number has its own type
    """A road whose environments have no memory."""
    return Road(world, lambda _: handler, Numbers(**numbers))


def failing(*failed: object) -> dict[str, object]:
    """A batch response that names them."""
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def knock(road: Road, seconds: float = 8.0) -> Handler:
    """Posts each record; what Slack did not take is for later."""

    def handler(event: Any, _: VirtualContext) -> object:  # noqa: ANN401 - JSON
        failed = []
        for record in event["Records"]:
            try:
                road.slack.post(HOOK, SlackMessage(record["body"]), seconds)
            except (SlackRefused, SlackUnreachable):
                failed.append(record["messageId"])
        return failing(*failed)

    return handler
