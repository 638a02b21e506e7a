"""make prove: 50,000 random schedules of each function, other ones each time, and each promise kept in all of them.

`python -m tests.prove.conservation` prints its seed; with a seed it plays the same schedules again, and with a function
and a part too only that one, whose smallest schedule that breaks a promise it looks for.
"""

import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from hypothesis import settings

from tests.conservation.conservation import PROPERTIES, conserves
from tests.prove.first_failure import FIRST_FAILURE
from tests.support.virtual.silence import silence

PARTS, EXAMPLES = 100, 500
"""Of each function."""
PROCESSES = 2
LIMIT = 45 * 60.0
"""Seconds for everything; on two free cores it takes about 20 minutes."""


def play(seed: int, function: str, part: int) -> str:
    """What broke in this part; "" where nothing did."""
    with silence():
        try:
            conserves(function, seed * PARTS + part, EXAMPLES)()
        except BaseException as error:  # noqa: BLE001 - told, and the others go on
            notes = "\n".join(getattr(error, "__notes__", ()))
            return f"{function}, part {part}: {error}\n{notes}"
    return ""


def main(arguments: list[str]) -> int:
    seed = int(arguments[0]) if arguments else random.SystemRandom().randrange(10**6)
    if len(arguments) > 1:
        return told([play(seed, arguments[1], int(arguments[2]))])
    each = " and ".join(f"{PARTS * EXAMPLES:,} of {function}" for function in PROPERTIES)
    print(f"conservation: schedules, {each}, seed {seed}", flush=True)  # noqa: T201 - a command
    started = time.monotonic()
    with ProcessPoolExecutor(PROCESSES, initializer=settings.load_profile, initargs=(FIRST_FAILURE,)) as pool:
        parts = [pool.submit(play, seed, function, part) for part in range(PARTS) for function in PROPERTIES]
        try:
            broken = [part.result() for part in as_completed(parts, timeout=LIMIT)]
        except TimeoutError:
            pool.shutdown(wait=False, cancel_futures=True)
            broken = [f"only {sum(part.done() for part in parts)} of {len(parts)} parts were played in {LIMIT:.0f} s"]
    print(f"played in {time.monotonic() - started:.0f} s")  # noqa: T201 - a command
    return told(broken)


def told(broken: list[str]) -> int:
    for one in filter(None, broken):
        print(one)  # noqa: T201 - a command
    return 1 if any(broken) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
