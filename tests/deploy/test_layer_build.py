import hashlib
from pathlib import Path

from demo.platform import LocalAws


def digest(build: Path) -> dict[str, str]:
    """Return a digest of each file of a build that Lambda gets."""
    return {
        str(file.relative_to(build)): hashlib.sha256(file.read_bytes()).hexdigest()
        for artifact in build.iterdir()
        if artifact.is_dir()
        for file in artifact.rglob("*")
        if file.is_file()
    }


def test_two_builds_have_the_same_bytes(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    with LocalAws(builds=first) as aws:
        one = digest(aws.build())
    with LocalAws(builds=second) as aws:
        other = digest(aws.build())
    assert one == other
    assert sum(name.endswith(".pyc") for name in one) > 300
