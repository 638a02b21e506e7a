"""The CPU of dataclasses and regular expressions in an import: `python -P cold_building.py MODULE`.

It prints JSON: of the whole import, and of each of the two, the seconds and the number.
"""

import dataclasses
import importlib
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

DATACLASSES, PATTERNS, WHOLE = "dataclasses", "regular expressions", "the whole import"


def measure(module: str) -> dict[str, tuple[float, int]]:
    """Import the module with timed `dataclass` and `re.compile`."""
    times: dict[str, list[float]] = {DATACLASSES: [], PATTERNS: []}

    def timed(part: str, build: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **options: object) -> object:
            began = time.thread_time()
            try:
                return build(*args, **options)
            finally:
                times[part].append(time.thread_time() - began)

        return call

    dataclass, compile_pattern = dataclasses.dataclass, re.compile

    def timed_dataclass(cls: type | None = None, /, **options: bool) -> object:
        decorate = timed(DATACLASSES, dataclass(**options))
        return decorate if cls is None else decorate(cls)

    dataclasses.dataclass, re.compile = timed_dataclass, timed(PATTERNS, compile_pattern)  # type: ignore[assignment]
    try:
        began = time.thread_time()
        importlib.import_module(module)
        whole = time.thread_time() - began
    finally:
        dataclasses.dataclass, re.compile = dataclass, compile_pattern
    return {WHOLE: (whole, 1)} | {part: (sum(spent), len(spent)) for part, spent in times.items()}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
