import os
import zipfile
from pathlib import Path

from holdfast_cli.deployment.packaged import located, zip_folder


def folder(path: Path, text: str = "x = 1\n") -> Path:
    (path / "deep").mkdir(parents=True)
    (path / "app.py").write_text(text)
    (path / "deep/b.py").write_text("y = 2\n")
    return path


def test_the_same_files_make_the_same_bytes_and_name_at_any_time_and_with_any_mode(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a"), folder(tmp_path / "b")
    os.utime(second / "app.py", (0, 0))
    (second / "app.py").chmod(0o600)
    one, other = zip_folder(first, tmp_path / "1", "code"), zip_folder(second, tmp_path / "2", "code")
    assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())
    with zipfile.ZipFile(one) as archive:
        assert archive.namelist() == ["app.py", "deep/b.py"]
        assert all(entry.external_attr >> 16 == 0o644 for entry in archive.infolist())


def test_other_files_make_another_name(tmp_path: Path) -> None:
    names = {zip_folder(folder(tmp_path / text, text), tmp_path / "out", "code").name for text in ("1", "2")}
    assert len(names) == 2


def test_a_place_names_the_bucket_and_the_prefix_by_parameters() -> None:
    assert located("a.zip") == {"Bucket": {"Ref": "ArtifactsBucket"}, "Key": {"Fn::Sub": "${ArtifactsPrefix}a.zip"}}
    by_parameter = {"Fn::FindInMap": ["Artifacts", "Layer", {"Ref": "Architecture"}]}
    assert located(by_parameter)["Key"] == {"Fn::Sub": ["${ArtifactsPrefix}${Name}", {"Name": by_parameter}]}
