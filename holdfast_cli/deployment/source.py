"""The version to deploy: built from the checkout, or carried by the wheel."""

import json
from typing import Any, Protocol

from holdfast_cli.deployment.packaged import Packaged
from holdfast_cli.deployment.template_parameters import Definitions
from holdfast_cli.installation import IS_CHECKOUT, RELEASE, TEMPLATE
from holdfast_cli.progress import Show


class Source(Protocol):
    """A version that can be deployed."""

    @property
    def definitions(self) -> Definitions: ...
    def package(self, architecture: str, show: Show) -> Packaged: ...


class Checkout:
    @property
    def definitions(self) -> Definitions:
        # Imported here: the wheel has neither these modules nor their packages.
        from holdfast_cli.checkout.packaging import read_template  # noqa: PLC0415
        from holdfast_cli.sam import ROOT  # noqa: PLC0415

        definitions: Definitions = read_template(ROOT / "template.yaml")["Parameters"]
        return definitions

    def package(self, architecture: str, show: Show) -> Packaged:
        from holdfast_cli.checkout.building import build_checkout  # noqa: PLC0415

        return build_checkout([architecture], show)


class Release:
    """The files in the wheel; `architecture` does not matter, because it has the layer for each."""

    def __init__(self) -> None:
        self._template: dict[str, Any] = json.loads(TEMPLATE.read_text(encoding="utf-8"))

    @property
    def definitions(self) -> Definitions:
        definitions: Definitions = self._template["Parameters"]
        return definitions

    def package(self, architecture: str, show: Show) -> Packaged:  # noqa: ARG002 - has a layer for each
        show("reading the code in this package")
        return Packaged(self._template, {one.name: one for one in RELEASE.glob("*.zip")})


def find_source() -> Source:
    return Checkout() if IS_CHECKOUT else Release()
