"""Record -> the message for its lane, by the routes document. No alert is lost if the document cannot be used."""

from dataclasses import dataclass

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from configuration.documents import Document
from intake.self_tests import is_self_test
from notifications.parsing import parse
from observability.telemetry import logger
from record_batch.lane_message import SELF_TESTS, LaneMessage, routed_message
from retry_policies import Deadline
from routes.document import parse_routes
from routes.route import Routes, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Router(Document[Routes]):
    """Route by the first match, else to the default destination."""

    default_destination: str
    test_alarm_arn: str

    def parse(self, text: str) -> tuple[Routes]:
        return (parse_routes(text),)

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
        document = next(iter(self.entries(deadline) or ()), Routes())
        route = choose(document.routes, notification)
        return routed_message(
            record,
            route.destination if route else self.default_destination,
            identity=notification.identity,
            mention=route.mention if route else "",
            follow=route.follow if route else "",
            remind_after=route.remind_after if route else 0.0,
            account_name=document.accounts.get(notification.account, ""),
        )
