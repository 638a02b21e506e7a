"""The folders of `sam build` -> a packaged template."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from holdfast_cli.artifacts import LAYER
from holdfast_cli.deployment.packaged import PARAMETERS, Packaged, located, zip_folder

FUNCTION, LAYER_VERSION = "AWS::Serverless::Function", "AWS::Serverless::LayerVersion"
MAPPING = "Artifacts"


def package(builds: Mapping[str, Path], into: Path) -> Packaged:
    """Package builds by their architecture: all have the same functions, and each has a layer of its own."""
    template = read_template(next(iter(builds.values())) / "template.yaml")
    layers = {arch: zip_folder(build / LAYER, into, f"layer-{arch}") for arch, build in builds.items()}
    files = {one.name: one for one in layers.values()}
    template["Parameters"] |= PARAMETERS
    del template["Globals"]["Function"]["CodeUri"]  # each function has its own after the build
    template["Mappings"][MAPPING] = {"Layer": {arch: one.name for arch, one in layers.items()}}
    zipped: dict[Path, Path] = {}
    for resource in template["Resources"].values():
        if resource["Type"] == LAYER_VERSION:
            name = {"Fn::FindInMap": [MAPPING, "Layer", {"Ref": "Architecture"}]}
            resource["Properties"]["ContentUri"] = located(name)
        elif resource["Type"] == FUNCTION:
            folder = next(iter(builds.values())) / resource["Properties"]["CodeUri"]
            if folder not in zipped:
                zipped[folder] = zip_folder(folder, into, "functions")
            files[zipped[folder].name] = zipped[folder]
            resource["Properties"]["CodeUri"] = located(zipped[folder].name)
    return Packaged(template, files)


def read_template(path: Path) -> dict[str, Any]:
    """Return a template of YAML, with its intrinsic functions in their long form."""
    template: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    return template
