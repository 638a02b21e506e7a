"""What README tells people to type, to be run as it stands."""

import re
import shlex

from holdfast_cli.sam import ROOT


def printed(beginning: str) -> list[str]:
    """Words of the one command of README that begins so."""
    page = (ROOT / "README.md").read_text().replace("\\\n", " ")
    (command,) = re.findall(rf"^{re.escape(beginning)} .*", page, flags=re.MULTILINE)
    return shlex.split(command, comments=True)
