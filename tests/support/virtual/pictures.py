"""Pictures in virtual time, each of whose steps may fail, hang or kill the invocation."""

from collections.abc import Callable
from dataclasses import dataclass, field

from retry_policies import Deadline
from slack_alerts.models import BotToken, Place
from slack_alerts.pictures.pictures import Pictures
from slack_alerts.slack.upload import File
from tests.support.virtual.world import World


@dataclass
class VirtualPictures:
    """The pictures of one stack; an environment of its function has its own `Pictures`."""

    world: World
    fault: Callable[[str], object] = lambda _step: None
    """Called in each step, `draw` and `upload`; it may raise, sleep or die."""
    shown: list[Place] = field(default_factory=list)
    """The messages below which there is a picture."""

    def build(self) -> Pictures:
        return Pictures(
            account="123456789012", region="eu-west-1", draw=self._draw, upload=self._upload, clock=self.world.wall
        )

    def _draw(self, _graph: str, deadline: Deadline) -> bytes:
        self._step("draw", deadline)
        return b"picture"

    def _upload(self, _credentials: BotToken, place: Place, _file: File, deadline: Deadline) -> None:
        self._step("upload", deadline)
        self.shown.append(place)

    def _step(self, name: str, deadline: Deadline) -> None:
        assert deadline.remaining() <= 25.0
        self.world.sleep(0.3)
        self.fault(name)
