"""The runbook's words of the log are the messages that the code logs as warnings and errors."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/retry").rglob("*.py")]
WORDS = (ROOT / "docs/runbook.md").read_text(encoding="utf-8").partition("## Words of the log")[2]
ALARMING = {"warning", "error", "exception", "critical"}
REPLACED = {"log_retry", "log_giveup"}
"""Hooks that no function of the stack uses: with_telemetry puts its own in their place."""


def logged(levels: set[str]) -> set[str]:
    texts = (one.read_text(encoding="utf-8") for one in SOURCES)
    return {message for text in texts if "logger." in text for message in _of_module(ast.parse(text), levels)}


def _of_module(module: ast.Module, levels: set[str]) -> Iterator[str]:
    for function in (one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)):
        for call in _calls(function) if function.name not in REPLACED else ():
            match call:
                case ast.Call(func=ast.Attribute(ast.Name("logger"), level), args=[ast.Constant(str(text)), *_]):
                    yield from [text] if level in levels else []
                case ast.Call(func=ast.Attribute(ast.Name("logger"), level), args=[ast.Name(parameter), *_]):
                    yield from _passed(module, function, parameter) if level in levels else []


def _passed(module: ast.Module, function: ast.FunctionDef, parameter: str) -> Iterator[str]:
    """Yield the texts that the module passes as this parameter."""
    names = [one.arg for one in function.args.args if one.arg != "self"]
    for call in _calls(module):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == function.name:
            text = call.args[names.index(parameter)]
            assert isinstance(text, ast.Constant), ast.unparse(call)
            yield str(text.value)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def documented() -> set[str]:
    rows = re.findall(r"^\| (`[^|]*) \|", WORDS, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]*)`", row)} - {"message"}


def test_each_warning_and_each_error_is_in_the_runbook() -> None:
    assert logged(ALARMING) - documented() == set()


def test_each_word_of_the_runbook_is_logged() -> None:
    assert documented() - logged(ALARMING | {"info"}) == set()
