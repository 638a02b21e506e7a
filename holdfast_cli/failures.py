"""What stops a command in a way that people can mend: said in words, never as a traceback."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT


class CommandFailed(Exception):
    """Something a person can mend: what went wrong, and what to do."""

    def __init__(self, what: str, to_do: str) -> None:
        super().__init__(what)
        self.what, self.to_do = what, to_do


def run_command(command: Callable[[], int]) -> int:
    """Run one command of ours to its exit code; SIGTERM unwinds it as Ctrl-C does, so that it cleans up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script that starts us in the background hid it
    signal.signal(signal.SIGTERM, _leave)
    try:
        return command()
    except CommandFailed as failed:
        print(f"\nfailed: {failed.what}\nto do:  {failed.to_do}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: nothing that was started is left running", file=sys.stderr)
        return INTERRUPTED


def _leave(number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: a second one must not cut the clean-up short
    sys.exit(128 + number)
