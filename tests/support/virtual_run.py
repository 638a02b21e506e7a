"""Run a script in virtual time: a sleep moves the clock, and the random pauses are those of one seed.

python tests/support/virtual_run.py examples/step_1_post.py
"""

import random
import runpy
import sys
import time
from pathlib import Path
from typing import SupportsFloat


class VirtualTime:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: SupportsFloat) -> None:
        self.now += float(seconds)


if __name__ == "__main__":
    script = Path(sys.argv[1])
    virtual = VirtualTime()
    time.sleep, time.monotonic = virtual.sleep, virtual.monotonic  # type: ignore[assignment] # narrower
    random.seed(1)
    sys.path[0] = str(script.parent)
    runpy.run_path(str(script), run_name="__main__")
