import json
from pathlib import Path

from holdfast_cli.checkout.packaging import package, read_template
from holdfast_cli.deployment.packaged import located
from holdfast_cli.installation import FILES
from tests.unit.holdfast_cli.deployment.test_packaged import folder

FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "Intake", "Handler": "a.b"}}
TEMPLATE = {
    "Parameters": {"Architecture": {"Type": "String"}},
    "Mappings": {"Timing": {}},
    "Metadata": {},
    "Globals": {"Function": {"CodeUri": "functions", "Timeout": 1}},
    "Resources": {
        "IntakeFunction": FUNCTION,
        "RedriveFunction": FUNCTION,
        "RetryLayer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "RetryLayer"}},
        "Topic": {"Type": "AWS::SNS::Topic"},
    },
}


def build(path: Path, layer: str) -> Path:
    folder(path / "Intake")
    folder(path / "RetryLayer", layer)
    (path / "template.yaml").write_text(json.dumps(TEMPLATE))
    return path


def test_functions_share_a_file_and_each_processor_has_a_layer(tmp_path: Path) -> None:
    builds = {arch: build(tmp_path / arch, f"# {arch}") for arch in ("arm64", "x86_64")}
    packaged = package(builds, tmp_path / "out")
    [functions] = [name for name in packaged.files if name.startswith("functions-")]
    layers = packaged.template["Mappings"]["Artifacts"]["Layer"]
    assert packaged.files.keys() == {functions, *layers.values()}
    assert all(name.startswith(f"layer-{arch}-") for arch, name in layers.items())
    assert packaged.template["Globals"] == {"Function": {"Timeout": 1}}
    resources = packaged.template["Resources"]
    assert resources["RedriveFunction"]["Properties"]["CodeUri"] == located(functions)
    assert "Fn::FindInMap" in str(resources["RetryLayer"]["Properties"]["ContentUri"])
    assert {"ArtifactsBucket", "ArtifactsPrefix"} < packaged.template["Parameters"].keys()


def test_the_template_is_read_with_its_functions_in_long_form() -> None:
    rule = read_template(FILES / "template.yaml")["Rules"]["OperationsAreTold"]["Assertions"][0]["Assert"]
    assert "Fn::Or" in rule
