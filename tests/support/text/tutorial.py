"""The examples of docs/tutorial.md: their code and their output, in virtual time."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tutorial.md").read_text()
EXAMPLES = sorted((ROOT / "examples").glob("step_*.py"))


def shown_code() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def shown_output() -> dict[str, str]:
    """Return the output that the page shows, by the name of the example."""
    return dict(re.findall(r"```text\n\$ python examples/(\w+)\.py\n(.*?)```", PAGE, re.DOTALL))


def output(python: Path, example: Path) -> str:
    """Run an example in virtual time."""
    command = [python, ROOT / "tests" / "support" / "virtual_run.py", example]
    run = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own code
    return run.stdout + run.stderr
