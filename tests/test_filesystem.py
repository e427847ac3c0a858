"""Reading files of which another account may be the owner."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_supaseed.filesystem import read_file


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_a_file_is_read_as_far_as_is_allowed(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    assert read_file(path, size, owner=None) == read_file(path, 10**9, owner=None) == b"x" * size
    if size:
        with pytest.raises(OSError, match=f"file is greater than {size - 1} bytes$"):
            read_file(path, size - 1, owner=None)


@pytest.mark.skipif(sys.platform != "linux", reason="its size is given as zero, as that of files in /proc")
def test_a_file_that_is_larger_than_it_was_is_read_to_its_end_and_not_beyond_what_is_allowed() -> None:
    path = Path("/proc/self/environ")
    content = path.read_bytes()
    assert path.stat().st_size == 0 < len(content)
    assert read_file(path, len(content), owner=None) == content
    with pytest.raises(OSError, match="environ is greater than"):
        read_file(path, len(content) - 1, owner=None)
