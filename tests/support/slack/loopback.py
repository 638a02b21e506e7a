"""A Slack on this machine that answers posts from a script and records them."""

from collections.abc import Iterable

from tests.support.fault_server.behaviours import behaviour
from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import Behaviour, Request


class LoopbackSlack(FaultServer):
    """Answer in turn, then with `ok`; a text of `refuse` in path or message has its own answer."""

    def __init__(self, answers: Iterable[str | Behaviour] = ()) -> None:
        super().__init__()
        self.answers = [*answers]
        """Behaviours, or paths such as /429?ra=3."""
        self.refuse: dict[str, str] = {}

    def webhook(self, token: str = "secret") -> str:  # noqa: S107 - no secret of anybody's
        return f"http://127.0.0.1:{self.port}/services/T000/B000/{token}"

    def texts(self) -> list[str]:
        return [request.message["text"] for request in self.requests]

    def _find(self, request: Request) -> Behaviour:
        sent = f"{request.path} {request.body.decode()}"
        with self._finding:
            self.requests.append(request)
            refused = [answer for text, answer in self.refuse.items() if text in sent]
            turn = refused[0] if refused else self.answers.pop(0) if self.answers else "/ok"
        return behaviour(turn) if isinstance(turn, str) else turn
