import subprocess
import sys


def test_importing_the_function_pays_for_nothing_of_the_other() -> None:
    modules = """
        import sys, pkgutil, importlib, aws_actions
        for one in pkgutil.iter_modules(aws_actions.__path__):
            importlib.import_module(f"aws_actions.{one.name}")
        print(*sys.modules)
    """
    code = "\n".join(line.removeprefix(" " * 8) for line in modules.splitlines())
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own interpreter
    assert "aws_actions.calling.actions" in loaded
    assert not {"requests", "slack_alerts"} & set(loaded)
