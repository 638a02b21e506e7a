"""The head of a result: when, on what machine, with which versions."""

import os
import platform
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

PACKAGES = (
    *("boto3", "requests", "urllib3", "tenacity", "aws-lambda-powertools"),
    *("stamina", "backoff", "opnieuw", "pyresilience", "pyfailsafe"),
)


def head(command: Sequence[str], load: float) -> dict[str, str]:
    """Return the facts that a reader needs to judge the figures; `load` is that before the run."""
    return {
        "command": " ".join(command),
        "measured": time.strftime("%d %B %Y", time.gmtime()),
        "processor": f"{os.cpu_count()} × {_processor()}",
        "load at the start": f"{load:.1f}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
