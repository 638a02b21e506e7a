"""A cold start of a function imports nothing of another one."""

import subprocess
import sys

import pytest

CODE = """
import sys, pkgutil, importlib, {package}
for one in pkgutil.iter_modules({package}.__path__):
    importlib.import_module(f"{package}.{{one.name}}")
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("package", "others"),
    [("intake", {"requests", "slack_alerts", "aws_actions"}), ("aws_actions", {"requests", "slack_alerts"})],
)
def test_a_function_imports_nothing_of_another(package: str, others: set[str]) -> None:
    command = [sys.executable, "-c", CODE.format(package=package)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own interpreter
    assert f"{package}.app" in loaded
    assert not others & set(loaded)
