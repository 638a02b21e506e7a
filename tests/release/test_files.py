"""The files of dist/: complete, checked, and the same in a second run."""

import hashlib
import json
import re
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from tests.release.conftest import DIST, ROOT

pytestmark = pytest.mark.release
APPLICATION = {
    "type": "object",
    "required": ["Name", "Description", "Author", "SpdxLicenseId", "LicenseUrl", "ReadmeUrl", "SemanticVersion"],
    "additionalProperties": False,
    "properties": {
        "Name": {"pattern": "^[A-Za-z0-9-]{1,140}$"},
        "Description": {"type": "string", "minLength": 1, "maxLength": 256},
        "Author": {"pattern": "^[A-Za-z0-9][A-Za-z0-9 -]{0,126}$"},
        "SpdxLicenseId": {"const": "MIT"},
        "LicenseUrl": {"const": "LICENSE"},
        "ReadmeUrl": {"const": "README.md"},
        "Labels": {"type": "array", "maxItems": 10, "items": {"pattern": "^[A-Za-z0-9+_:/@-]{1,127}$"}},
        "SemanticVersion": {"pattern": r"^\d+\.\d+\.\d+$"},
    },
}
"""The rules of the Serverless Application Repository for the metadata of an application."""


def document(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((DIST / name).read_text(encoding="utf-8"))
    return found


def digests() -> dict[str, str]:
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in DIST.iterdir()}


def test_each_file_has_its_checksum() -> None:
    lines = (DIST / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert listed == {name: digest for name, digest in digests().items() if name != "SHA256SUMS"}


def test_the_code_is_named_by_its_content_and_the_template_names_it() -> None:
    text = (DIST / "template.json").read_text(encoding="utf-8")
    names = [one.name for one in DIST.glob("*.zip")]
    assert sorted(name.rpartition("-")[0] for name in names) == ["functions", "layer-arm64", "layer-x86_64"]
    for name in names:
        assert name.rpartition("-")[2].removesuffix(".zip") == digests()[name][:32]
        assert name in text
    assert str(ROOT) not in text


def test_the_wheel_carries_the_same_template_and_code(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {Path(name).name: archive.read(name) for name in archive.namelist() if "/release/" in name}
    for file in (*DIST.glob("*.zip"), DIST / "template.json"):
        assert carried[file.name] == file.read_bytes()


def test_a_package_index_would_take_the_wheel(wheel: Path) -> None:
    subprocess.run([ROOT / ".tools/wheel/bin/twine", "check", "--strict", wheel], check=True)  # noqa: S603 - our own tool


def test_the_metadata_of_the_application_fit_the_repository() -> None:
    template = document("serverless-repository.json")
    metadata = template["Metadata"]
    assert isinstance(metadata, dict)
    jsonschema.validate(metadata["AWS::ServerlessRepo::Application"], APPLICATION)
    places = set(re.findall(r'"(?:CodeUri|ContentUri)": "([^"]+)"', json.dumps(template)))
    assert {DIST / place for place in places} <= set(DIST.iterdir())
    assert len(places) == 2


def test_the_launch_link_names_template_bucket_and_prefix() -> None:
    link = urlsplit((DIST / "launch-link.txt").read_text(encoding="utf-8").strip())
    query = parse_qs(urlsplit(link.fragment).query)
    prefix = query["param_ArtifactsPrefix"][0]
    assert query["templateURL"] == [f"https://BUCKET.s3.REGION.amazonaws.com/{prefix}template.json"]
    assert query["param_ArtifactsBucket"] == ["BUCKET"]


def test_the_lists_of_packages_have_each_pinned_package() -> None:
    for name, requirements in {"layer": "layers/retry/requirements.txt", "command": "requirements/release.txt"}.items():
        pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / requirements).read_text(), flags=re.MULTILINE))
        components = document(f"sbom-{name}.cdx.json")["components"]
        assert isinstance(components, list)
        assert {one["name"] for one in components} == pinned


def test_a_second_release_has_the_same_bytes() -> None:
    before = digests()
    subprocess.run(["make", "release"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607 - make
    assert digests() == before
