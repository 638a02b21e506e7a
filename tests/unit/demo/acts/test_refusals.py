from aws_events.envelope import Record, read_event
from demo.acts.refusals import ROUTES, TEAM
from intake.routes import choose
from intake.routes_document import parse_routes
from notifications.parsing import parse
from tests.support.samples.events import alarm_message, sns_body, sqs_event


def destination(alarm: str) -> str:
    """Where the demonstration's routes send an alarm of that name; "" is the default route."""
    (record,) = read_event(sqs_event(sns_body(alarm_message(AlarmName=alarm))))
    assert isinstance(record, Record)
    route = choose(parse_routes(ROUTES), parse(record))
    return route.destination if route else ""


def test_the_routes_of_the_demonstration_send_the_alarms_about_orders_to_the_team() -> None:
    assert destination("orders-stuck-1a2b3c") == TEAM
    assert destination("orders-late-1a2b3c") == TEAM
    assert destination("payments-down-1a2b3c") == ""
