"""Tables of docs/security.md, made from the template; `python -m tests.support.stack.security_tables` writes them."""

import re
import sys
from collections.abc import Iterator
from importlib import metadata

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTION_VARIANTS, PSEUDO, ROOT, VARIANTS, Stack, stack

PAGE = ROOT / "docs/security.md"
LAYER = ROOT / "layers/retry/requirements.txt"
HERE = f"{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}"


def page_with_tables(page: str) -> str:
    """The page with the tables as they should be."""
    for name, rows in {"permissions": permissions(), "licences": licences()}.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        page = re.sub(f"{begin}.*?{end}", lambda _: f"{begin}{rows}\n{end}", page, flags=re.DOTALL)  # noqa: B023 - used at once
    return page


def permissions() -> str:
    """What each function may do, and each role that is no function's, whatever the parameters."""
    rows: dict[str, None] = {}
    for parameters in (*VARIANTS.values(), *ACTION_VARIANTS.values()):
        made = stack(**parameters)
        functions = {one["Role"]: name for name, one in made.of("AWS::Lambda::Function").items()}
        for role in made.of("AWS::IAM::Role"):
            rows |= dict.fromkeys(_rows(functions.get(f"<{role}.Arn>", role), made, role))
    return _table(("function or role", "why", "may", "on", "only if"), sorted(rows, key=_whose))


def licences() -> str:
    """The licence of each package in the layer."""
    names = re.findall(r"^([a-z0-9-]+)==", LAYER.read_text(), flags=re.MULTILINE)
    return _table(("package", "licence"), (f"| {name} | {_licence(metadata.metadata(name))} |" for name in names))


def _whose(row: str) -> tuple[bool, str]:
    """Functions first."""
    name = row.split("|")[1].strip()
    return not name.endswith("Function"), name


def _rows(whose: str, made: Stack, role: str) -> Iterator[str]:
    attached = [one for one in made.of("AWS::IAM::ManagedPolicy").values() if f"<{role}>" in one["Roles"]]
    for policy in (*made[role].get("Policies", []), *attached):
        for one in policy["PolicyDocument"]["Statement"]:
            condition = "; ".join(
                f"{key} is {value}" for test in one.get("Condition", {}).values() for key, value in test.items()
            )
            may = ("never " if one["Effect"] == "Deny" else "") + ", ".join(_listed(one["Action"]))
            # The one long list, which test_action_roles.py holds.
            everything = may == "never *"
            on = "all that this stack is" if everything else ", ".join(map(_readable, _listed(one["Resource"])))
            cells = (whose, one["Sid"], may, on, condition)
            yield f"| {' | '.join(cells)} |"


def _readable(resource: str) -> str:
    return f"`{resource.strip('<>').replace(HERE, '…')}`"


def _listed(one_or_many: Node) -> list[str]:
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


def _licence(about: metadata.PackageMetadata) -> str:
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    return about.get("License-Expression") or about.get("License") or ", ".join(classifiers) or "unknown"


def _table(head: tuple[str, ...], rows: Iterator[str] | list[str]) -> str:
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *rows])


if __name__ == "__main__":
    sys.exit(PAGE.write_text(page_with_tables(PAGE.read_text())) and None)
