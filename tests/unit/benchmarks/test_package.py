from pathlib import Path

from benchmarks.package import bytecode, sizes, unpacked


def test_a_size_counts_all_files_and_bytecode_apart(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/app.py").write_bytes(b"#" * 2048)
    (tmp_path / "app/app.pyc").write_bytes(b"#" * 1024)
    assert (unpacked(tmp_path), bytecode(tmp_path)) == (3.0, 1.0)
    kilobytes, zipped, files, compiled = sizes(tmp_path)
    assert (kilobytes, files, compiled) == (3.0, 2, 1.0)
    assert isinstance(zipped, float)
    assert 0 < zipped < 3
