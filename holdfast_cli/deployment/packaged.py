"""A template whose code is in a bucket, and the files for that bucket, named by the hash of their content."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUCKET, PREFIX = "ArtifactsBucket", "ArtifactsPrefix"
"""The two parameters that a packaged template has beside those of template.yaml."""
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    BUCKET: {
        "Type": "String",
        "Description": "Bucket of this Region with the code of this version. `holdfast deploy` sets it.",
        "AllowedPattern": "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        "ConstraintDescription": "must be the name of a bucket.",
    },
    PREFIX: {
        "Type": "String",
        "Description": "Prefix of the code's files in that bucket. `holdfast deploy` sets it.",
        "Default": "",
        "AllowedPattern": "^([A-Za-z0-9._-]+/)*$",
        "ConstraintDescription": "must be empty, or folders like holdfast/0.1.0/.",
    },
}
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time of a zip file: the time of a build must not change its bytes."""
MODE = 0o644


@dataclass(frozen=True)
class Packaged:
    """A template, and its files by name."""

    template: Mapping[str, Any]
    files: Mapping[str, Path]


def located(name: Mapping[str, Any] | str) -> dict[str, Any]:
    """Return the place of a file in the bucket; the name may depend on a parameter."""
    text = "${" + PREFIX + "}"
    key: Any = f"{text}{name}" if isinstance(name, str) else [text + "${Name}", {"Name": name}]
    return {"Bucket": {"Ref": BUCKET}, "Key": {"Fn::Sub": key}}


def zip_folder(folder: Path, into: Path, label: str) -> Path:
    """Zip a folder, the same bytes for the same files; return the path, whose name has the hash of the bytes."""
    into.mkdir(parents=True, exist_ok=True)
    unnamed = into / f"{label}.zip"
    with zipfile.ZipFile(unnamed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), EPOCH)
            entry.create_system, entry.external_attr, entry.compress_type = 3, MODE << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    digest = hashlib.sha256(unnamed.read_bytes()).hexdigest()
    return unnamed.rename(into / f"{label}-{digest[:32]}.zip")
