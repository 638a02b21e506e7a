"""`sam local invoke` is tried with every function and every event of events/ that concerns it."""

from tests.support.handlers.invocations import WITHOUT_AWS
from tests.support.samples.events import EVENTS
from tests.support.stack.template import source


def test_every_function_of_the_template_is_invoked() -> None:
    functions = {name for name, one in source()["Resources"].items() if one["Type"] == "AWS::Serverless::Function"}
    assert functions == WITHOUT_AWS.keys()


def test_every_sample_event_is_taken_by_a_function() -> None:
    assert {event for events in WITHOUT_AWS.values() for event in events} == {one.stem for one in EVENTS.glob("*.json")}
