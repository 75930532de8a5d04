"""Files are replaced atomically."""

import sys
from pathlib import Path

import pytest

from summarizer._files import replace_atomically


def test_file_is_replaced_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "brief.json"
    target.write_bytes(b"old")
    with replace_atomically(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_error_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    target = tmp_path / "brief.json"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match="stop"), replace_atomically(target) as file:  # noqa: PT012
        file.write(b"half")
        raise ValueError("stop")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions and links differ there")
def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "brief.json", tmp_path / "link.json"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    with replace_atomically(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
