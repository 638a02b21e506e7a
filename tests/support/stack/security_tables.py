"""Tables of docs/security.md, from the template and the layer.

`python -m tests.support.stack.security_tables` writes them.
"""

import re
import sys
from collections.abc import Iterator
from importlib import metadata

from tests.support.stack.grants import documents, listed
from tests.support.stack.template import PSEUDO, ROOT, VARIANTS, Stack, resolve

PAGE = ROOT / "docs/security.md"
LAYER = ROOT / "layers/retry/requirements.txt"
HERE = f"{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}"


def page_with_tables(page: str) -> str:
    for name, rows in {"permissions": permissions(), "licences": licences()}.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        page = re.sub(f"{begin}.*?{end}", lambda _: f"{begin}{rows}\n{end}", page, flags=re.DOTALL)  # noqa: B023 - used at once
    return page


def permissions() -> str:
    """Return the permissions of each function and role, for all variants of the parameters."""
    rows: dict[str, None] = {}
    for parameters in VARIANTS.values():
        stack = resolve(**parameters)
        functions = {one["Role"]: name for name, one in stack.of("AWS::Lambda::Function").items()}
        for role in stack.of("AWS::IAM::Role"):
            rows |= dict.fromkeys(_rows(functions.get(f"<{role}.Arn>", role), stack, role))
    return _table(("function or role", "why", "may", "on", "only if"), sorted(rows, key=_functions_first))


def licences() -> str:
    """Return the licence of each package in the layer."""
    names = re.findall(r"^([a-z0-9-]+)==", LAYER.read_text(), flags=re.MULTILINE)
    return _table(("package", "licence"), (f"| {name} | {_licence(metadata.metadata(name))} |" for name in names))


def _functions_first(row: str) -> tuple[bool, str]:
    name = row.split("|")[1].strip()
    return not name.endswith("Function"), name


def _rows(owner: str, stack: Stack, role: str) -> Iterator[str]:
    for document in documents(stack, role):
        for one in document["Statement"]:
            condition = "; ".join(
                f"{key} is {value}" for test in one.get("Condition", {}).values() for key, value in test.items()
            )
            may = ("never " if one["Effect"] == "Deny" else "") + ", ".join(listed(one["Action"]))
            # test_call_role.py holds this long list.
            everything = may == "never *"
            on = "every resource of this stack" if everything else ", ".join(map(_readable, listed(one["Resource"])))
            cells = (owner, one["Sid"], may, on, condition)
            yield f"| {' | '.join(cells)} |"


def _readable(resource: str) -> str:
    return f"`{resource.strip('<>').replace(HERE, '…')}`"


def _licence(about: metadata.PackageMetadata) -> str:
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    return about.get("License-Expression") or about.get("License") or ", ".join(classifiers) or "unknown"


def _table(head: tuple[str, ...], rows: Iterator[str] | list[str]) -> str:
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *rows])


if __name__ == "__main__":
    sys.exit(PAGE.write_text(page_with_tables(PAGE.read_text())) and None)
