"""The parameters of the template: checked before anything is built."""

import re
import shlex
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from holdfast_cli.deployment.packaged import PARAMETERS
from holdfast_cli.failures import CommandFailed, Exit
from observability.redaction import redact

type Definitions = Mapping[str, Mapping[str, Any]]
"""The section Parameters of a template."""


def read_parameters(given: Iterable[str], shell_words: str = "") -> dict[str, str]:
    """Return parameters by name, from Name=value and from one text with several such words. Raise CommandFailed."""
    found: dict[str, str] = {}
    for one in (*_words(shell_words), *given):
        name, equals, value = one.partition("=")
        if not equals:
            raise _wrong(f"parameter {redact(one)!r} has no value", "write it as Name=value")
        if name in found:
            raise _wrong(f"parameter {redact(name)} is given twice", "give it once")
        found[name] = value
    return found


def _words(text: str) -> list[str]:
    """Return the words of a text by the rules of a shell. Raise CommandFailed, which names the word without an end."""
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        return list(lexer)
    except ValueError:
        name = (lexer.token or "").partition("=")[0]
    raise _wrong(f"parameter {redact(name)} has a quote or a backslash without its end", "write it as Name='a value'")


def check_parameters(definitions: Definitions, given: Mapping[str, str]) -> None:
    """Raise CommandFailed for a name that the template does not have, and for a value that it does not take."""
    for name, value in given.items():
        if name in PARAMETERS:
            raise _wrong(f"parameter {name} is set by the command itself", "for another bucket, give --bucket")
        if name not in definitions:
            nearest = get_close_matches(name, definitions, n=1, cutoff=0.0)
            raise _wrong(f"there is no parameter {redact(name)}", f"did you mean {nearest[0]}?")
        if not _fits(definitions[name], value):
            rule = definitions[name].get("ConstraintDescription", "has another form")
            raise _wrong(f"{name}={redact(value)!r}", f"it {rule}")


def _fits(definition: Mapping[str, Any], value: str) -> bool:
    allowed = [str(one) for one in definition.get("AllowedValues", ())]
    if allowed:
        return value in allowed
    parts = value.split(",") if definition["Type"] == "CommaDelimitedList" else [value]
    return all(re.fullmatch(definition.get("AllowedPattern", ".*"), part) for part in parts)


def _wrong(problem: str, advice: str) -> CommandFailed:
    return CommandFailed(problem, advice, Exit.USAGE)
