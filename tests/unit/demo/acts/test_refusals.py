from aws_events.envelope import Record
from aws_events.event_reading import read_event
from demo.acts.refusals import ROUTES, TEAM
from intake.routes import choose
from intake.routes_document import parse_routes
from notifications.parsing import parse
from tests.support.samples.events import alarm_message, sns_body, sqs_event


def destination(alarm: str) -> str:
    """Return the destination of an alarm by the demonstration's routes; "" is the default one."""
    (record,) = read_event(sqs_event(sns_body(alarm_message(AlarmName=alarm))))
    assert isinstance(record, Record)
    route = choose(parse_routes(ROUTES).routes, parse(record))
    return route.destination if route else ""


def test_alarms_about_orders_are_routed_to_the_team() -> None:
    assert destination("orders-stuck-1a2b3c") == TEAM
    assert destination("payments-down-1a2b3c") == ""
