"""Faults of the Slack stand-in that stay on until they are switched off, for one channel or for all."""

from collections.abc import Callable, Mapping

from demo.slack.answer import Answer

SWITCHES: Mapping[str, Callable[[float], Answer]] = {
    "throttle": lambda seconds: Answer(429, "rate_limited", retry_after=round(seconds)),
    "errors": lambda _: Answer(500, "rollup_error"),
    "outage": lambda _: Answer(503, "service_unavailable"),
    "slow": lambda seconds: Answer(slow=seconds),
    "reset": lambda _: Answer(reset=True),
    "gone": lambda _: Answer(404, "channel_not_found"),
    "blocks": lambda _: Answer(400, "invalid_blocks"),
}
"""Each fault by its name; the number is the seconds of its wait."""
BLOCKS = '"blocks"'
SECONDS = 5.0


class Switches:
    """The faults that are on; of two that apply, the one that was switched on first decides."""

    def __init__(self) -> None:
        self._on: dict[tuple[str, str], Answer] = {}

    def switch(self, fault: str, *, on: bool, channel: str = "", seconds: float = SECONDS) -> None:
        """Switch a fault on or off for a channel; "" is all channels. Off for all is off for each."""
        if fault not in SWITCHES:
            raise ValueError(f"no such fault: use one of {', '.join(SWITCHES)}")
        if on:
            self._on[fault, channel] = SWITCHES[fault](float(seconds))
        else:
            self._on = {
                key: answer for key, answer in self._on.items() if key[0] != fault or channel not in {"", key[1]}
            }

    def clear(self) -> None:
        self._on.clear()

    def answer(self, channel: str, body: str) -> Answer | None:
        """Return the answer to a request; None if no fault applies. Plain text is not refused as blocks."""
        for (fault, where), answer in self._on.items():
            if where in {"", channel} and (fault != "blocks" or BLOCKS in body):
                return answer
        return None

    def on(self) -> list[dict[str, str]]:
        """Return the faults that are on, each with its channel."""
        return [{"fault": fault, "channel": channel} for fault, channel in self._on]
