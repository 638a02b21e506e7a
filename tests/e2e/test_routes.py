"""Each field of a route, on the local AWS: the document in SSM sends an event to its own channel."""

from tests.e2e.routed_events import ROUTED
from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for


def test_each_event_arrives_in_the_channel_of_its_route(pipeline: LocalPipeline) -> None:
    names = {event.destination: unique("routed") for event in ROUTED}
    for event in ROUTED:
        pipeline.publish_text(event.text(names[event.destination]))
    found = wait_for(lambda: posts if len(posts := pipeline.posts(*names.values())) >= len(names) else [])
    webhooks = {name: [post.webhook for post in found if name in post.body] for name in names.values()}
    assert webhooks == {name: [destination] for destination, name in names.items()}


def test_an_event_that_no_route_fits_arrives_in_the_default_channel(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.publish(name, AlarmDescription="Severity: high")
    assert [post.webhook for post in wait_for(lambda: pipeline.posts(name))] == ["ops"]
