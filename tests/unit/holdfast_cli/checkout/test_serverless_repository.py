from pathlib import Path

from holdfast_cli.checkout.packaging import package
from holdfast_cli.checkout.serverless_repository import METADATA, application_template
from tests.unit.holdfast_cli.checkout.test_packaging import build


def test_the_code_lies_beside_the_template_for_one_processor(tmp_path: Path) -> None:
    packaged = package({arch: build(tmp_path / arch, f"# {arch}") for arch in ("arm64", "x86_64")}, tmp_path / "out")
    template = application_template(packaged, "1.2.3")
    resources = template["Resources"]
    assert resources["IntakeFunction"]["Properties"]["CodeUri"] in packaged.files
    assert resources["RetryLayer"]["Properties"]["ContentUri"].startswith("layer-arm64-")
    assert template["Parameters"].keys() == {"Architecture"}
    assert template["Parameters"]["Architecture"]["AllowedValues"] == ["arm64"]
    assert template["Metadata"][METADATA]["SemanticVersion"] == "1.2.3"
    assert "ArtifactsBucket" in packaged.template["Parameters"]
