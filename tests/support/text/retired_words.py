"""`make check`: refuse retired words and docstrings without a subject, in code, docs and templates.

`python -m tests.support.text.retired_words` prints each place and exits 1 if there is one.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
CHECKED = ("*.py", "*.md", "*.yaml", "*.yml", "*.toml", "*.html", "Makefile", ".ci/run")
LISTS_THEM = frozenset(
    {"CONTRIBUTING.md", "tests/support/text/retired_words.py", "tests/unit/support/test_retired_words.py"}
)

IN_A_NAME = r"(?:(?<![A-Za-z]){0}|(?<![A-Z]){1})(?![a-z])"
"""A word in prose, in a snake_case name or in a CamelCase name; `broad` has no `road` in it."""

INSTEAD = {
    "door": "destination",
    "doors": "destinations",
    "knock": "probe",
    "passage": "circuit or lane",
    "visit": "batch",
    "visits": "batches",
    "bring": "deliver, return or cause",
    "brings": "delivers, returns or causes",
    "brought": "delivered, returned or caused",
    "road": "pipeline",
    "roads": "pipelines",
    "keyring": "credential store",
    "desk": "the thing under test",
}
"""Each retired word and the field's term."""

PHRASES = {
    r"(?<!dead )\b(?:an?|the|each|one|these|those|its|parked) letters?\b(?! and)": "say dead letter or message",
    r"\bhand(?:s|ed|ing)? (?:over|on)\b": "say send, return or pass",
    r"(?<![?_])\bpayloads?\b": "say event, body or message",
    r'"""(?:What|Who|Whoever|Whatever|Wherever|None where|So (?:often|many|long))\b': "name the subject",
}
"""Each pattern and its advice."""


def rules() -> dict[re.Pattern[str], str]:
    words = {IN_A_NAME.format(word, word.capitalize()): f"{word}: say {term}" for word, term in INSTEAD.items()}
    return {re.compile(pattern): advice for pattern, advice in (words | PHRASES).items()}


def problems(text: str) -> Iterator[tuple[int, str]]:
    """Yield line number and advice for each retired word."""
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, advice in rules().items():
            if pattern.search(line):
                yield number, advice


def tracked() -> list[str]:
    command = ["git", "ls-files", "--", *CHECKED]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - git, no shell
    return [name for name in listed.stdout.split() if name not in LISTS_THEM]


def main() -> int:
    found = [
        f"{name}:{number}: {advice}"
        for name in tracked()
        for number, advice in problems((ROOT / name).read_text(encoding="utf-8"))
    ]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
