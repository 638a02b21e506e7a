"""make prove: play 50,000 random schedules of each function, 5,000 of threads and of mutes: each keeps every promise.

`python -m tests.prove.conservation` prints its seed. `… 718811` plays the same schedules again.
`… 718811 slack_alerts 24` plays part 24 only and looks for its smallest schedule that breaks a promise; `… 718811 24`
does so for each function.
"""

import random
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed

from hypothesis import settings

from tests.conservation.conservation import PROPERTIES, conserves, examples
from tests.prove.first_failure import FIRST_FAILURE
from tests.support.virtual.silence import silence

PARTS, EXAMPLES = 100, 500
"""The parts of each function, and the schedules of each part."""
PROCESSES = 2
LIMIT = 75 * 60.0
"""Seconds for all parts; on two cores they take about an hour."""


def play(seed: int, function: str, part: int) -> str:
    """Return the broken promise of a part; "" if all are kept."""
    with silence():
        try:
            conserves(function, seed * PARTS + part, EXAMPLES)()
        except BaseException as error:  # noqa: BLE001 - reported, and the other parts go on
            notes = "\n".join(getattr(error, "__notes__", ()))
            return f"{function}, part {part}: {error}\n{notes}"
    return ""


def play_all(seed: int) -> list[str]:
    """Play all parts of all functions, and return their results."""
    with ProcessPoolExecutor(PROCESSES, initializer=settings.load_profile, initargs=(FIRST_FAILURE,)) as pool:
        parts = [pool.submit(play, seed, function, part) for part in range(PARTS) for function in PROPERTIES]
        results: list[str] = []
        try:
            results += (part.result() for part in as_completed(parts, timeout=LIMIT))
        except TimeoutError:
            pool.shutdown(wait=False, cancel_futures=True)
            results.append(f"only {len(results)} of {len(parts)} parts were played in {LIMIT:.0f} s")
        return results


def main(arguments: list[str]) -> int:
    seed = int(arguments[0]) if arguments else random.SystemRandom().randrange(10**6)
    if len(arguments) > 1:
        *functions, part = arguments[1:]
        return report(play(seed, function, int(part)) for function in functions or PROPERTIES)
    each = " and ".join(f"{PARTS * examples(function, EXAMPLES):,} of {function}" for function in PROPERTIES)
    print(f"conservation: schedules, {each}, seed {seed}", flush=True)
    started = time.monotonic()
    results = play_all(seed)
    print(f"played in {time.monotonic() - started:.0f} s")
    return report(results)


def report(results: Iterable[str]) -> int:
    """Print the broken promises; return 1 if there are any."""
    broken = list(filter(None, results))
    for one in broken or ["every promise is kept"]:
        print(one)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
