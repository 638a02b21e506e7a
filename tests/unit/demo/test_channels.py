import re
from pathlib import Path

import demo.acts
from aws_events.event_reading import read_event
from aws_events.record import Record
from demo.channels import CHANNELS, DEFAULT, PREFIXES, TEAM, routes_document
from holdfast_cli.samples import samples
from notifications.parsing import parse
from routes.document import parse_routes
from routes.route import choose
from tests.support.samples.events import alarm_message, sns_body, sqs_event


def destination(message: str) -> str:
    """Return the destination of a message by the demonstration's routes."""
    (record,) = read_event(sqs_event(sns_body(message)))
    assert isinstance(record, Record)
    route = choose(parse_routes(routes_document()).routes, parse(record))
    return route.destination if route else DEFAULT


def test_each_channel_gets_the_alarms_with_its_prefix() -> None:
    found = {channel: destination(alarm_message(AlarmName=f"{PREFIXES[channel]}-1a2b-3")) for channel in CHANNELS}
    assert found == {channel: channel for channel in CHANNELS}


def test_the_alarms_of_the_acts_go_to_the_team_or_to_the_default_channel() -> None:
    acts = "".join(path.read_text(encoding="utf-8") for path in Path(demo.acts.__path__[0]).glob("*.py"))
    names = re.findall(r'(?:alarm|unique_name)\("([\w-]+)"', acts)
    assert len(names) > 10
    found = {name: destination(alarm_message(AlarmName=f"{name}-1a2b3c")) for name in names}
    assert found == {name: TEAM if name.startswith("orders-") else DEFAULT for name in names}


def test_findings_go_to_the_security_channel() -> None:
    for name in ("guardduty-finding", "security-hub-finding", "inspector-finding-image", "macie-policy"):
        ((_, message),) = samples()[f"kinds/{name}.json"].messages
        assert destination(message) == "security", name
