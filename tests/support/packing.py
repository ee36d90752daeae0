"""Makes and changes packages, the archives of parts that office programs and e-books are."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A package of parts by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def changed(path: Path, part: str, old: str, new: str) -> bytes:
    """A package with words of one part changed, which must stand in it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old.encode() in parts[part]
    return packed(parts | {part: parts[part].replace(old.encode(), new.encode(), 1)})


def with_part(path: Path, part: str, content: bytes | str) -> bytes:
    """A package with one part replaced or added."""
    with zipfile.ZipFile(path) as package:
        return packed({name: package.read(name) for name in package.namelist()} | {part: content})
