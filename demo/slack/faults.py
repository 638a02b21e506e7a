"""The faults that the Slack stand-in is set to produce."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.slack.answer import Answer
from demo.slack.switches import Switches


@dataclass
class Script:
    """Answers to the requests for a webhook ("" is any) whose body contains `match`, one answer each."""

    answers: list[Answer]
    webhook: str = ""
    match: str = ""
    repeat: bool = False

    def next_answer(self, webhook: str, body: str) -> Answer | None:
        if not self.answers or self.webhook not in {"", webhook} or self.match not in body:
            return None
        return self.answers[0] if self.repeat else self.answers.pop(0)


class Faults:
    """The faults of one stand-in."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._scripts: list[Script] = []
        self.switches = Switches()
        self._outage_ends = 0.0
        self._slow = 0.0

    def add(self, script: Script) -> None:
        self._scripts.append(script)

    def outage(self, seconds: float) -> None:
        """Answer 503 to everything for `seconds`; 0 ends the outage."""
        self._outage_ends = self._clock() + seconds

    def slow(self, seconds: float) -> None:
        """Delay each answer by `seconds`."""
        self._slow = seconds

    def clear(self) -> None:
        self._scripts.clear()
        self.switches.clear()
        self._outage_ends = self._slow = 0.0

    def next_answer(self, webhook: str, body: str) -> Answer:
        """Return the answer to a request: an outage, else the first script or switch that matches, else the default."""
        if self._clock() < self._outage_ends:
            return Answer(503, "service_unavailable", slow=self._slow)
        scripted = (script.next_answer(webhook, body) for script in self._scripts)
        return next(filter(None, scripted), None) or self.switches.answer(webhook, body) or Answer(slow=self._slow)
