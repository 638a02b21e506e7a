"""Record -> the message for its lane, by the routes document. No alert is lost if the document cannot be used."""

import time
from dataclasses import dataclass

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from intake.self_tests import is_self_test
from notifications.models import Notification
from notifications.parsing import parse
from observability.telemetry import logger
from record_batch.lane_message import SELF_TESTS, LaneMessage, routed_message
from retry_policies import Deadline
from retry_policies.deadline import Clock
from routes.route import Route, Routes, choose
from routes.stored import StoredRoutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Router(StoredRoutes):
    """Route by the first match, else to the default destination."""

    default_destination: str
    test_alarm_arn: str
    wall_clock: Clock = time.time

    def route(self, record: Record, deadline: Deadline) -> LaneMessage:
        """Return the message for the record's lane; if anything raises, for the default lane, as text."""
        try:
            return self._route(record, deadline)
        except Exception as error:  # noqa: BLE001 - the text fallback: a bug in parsing must not cost the alert
            logger.error("not routed", extra={"record": record.message_id, "error": type(error).__name__})
            return self.as_text(record)

    def as_text(self, record: Record) -> LaneMessage:
        """Return the message for the default lane, which slack_alerts shows as text."""
        identity = record.sns_message_id or read_facts(record).alert_id
        return routed_message(record, self.default_destination, identity=identity, as_text=True)

    def _route(self, record: Record, deadline: Deadline) -> LaneMessage:
        notification = parse(record)
        if is_self_test(notification, self.test_alarm_arn):
            return routed_message(record, SELF_TESTS, identity=notification.identity)
        document = self.routes(deadline) or Routes()
        route = choose(document.routes, notification)
        return routed_message(
            record,
            self._lane(route, notification) if route else self.default_destination,
            identity=notification.identity,
            mention=route.mention if route else "",
            follow=route.follow if route else "",
            remind_after=route.remind_after if route else 0.0,
            account_name=document.accounts.get(notification.account, ""),
        )

    def _lane(self, route: Route, notification: Notification) -> str:
        """Return the lane of the route's destination, or the muted lane in which the alert waits."""
        muted = route.muted_lane(notification, self.wall_clock())
        return muted.name if muted else route.destination
