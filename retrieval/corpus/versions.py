"""What an index on disk says it is: by what it was made, in a file among its own.

``VERSION`` and ``FORMAT`` are raised by hand, and a test says when; what is asked of packages and weights is read off
them. An index of another version still answers, until the one of this version, built beside it, is whole. One of
another format cannot be read: it is built anew at once. A comment that changed, or a file that was moved, is neither.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from retrieval.documents.kept.own import keep_out
from retrieval.errors import EngineError

VERSION = 13
"""Raised with what is stored or indexed of a document: terms, passages, words, the tables of the language, loaders."""

FORMAT = 1
"""Raised when the code can no longer read the files of an index as they were written before: tables, fields."""

PACKAGES = ("PyStemmer", "pyarabic", "trafilatura", "pypdfium2", "markdown-it-py")
"""What texts and terms depend on, beside our own."""

WEIGHTS = (("retrieval.arabic.tables", "vectors.bin"),)
"""The package and the file of each that decides what is stored: the words' vectors, which are near to which."""

NAME = "index.json"


@dataclass(frozen=True, slots=True)
class Version:
    """By what an index was made: the two numbers, versions of ``packages``, digests of ``weights``, by name."""

    version: int
    format: int
    packages: Mapping[str, str]
    weights: Mapping[str, str]

    def told(self) -> dict[str, object]:
        """As JSON has it."""
        return asdict(self)

    @property
    def folder(self) -> str:
        """The name of the folder that an index of this version is made in. What is in it says what it is."""
        return f"{self.version}-{sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:8]}"


UNSAID = {
    "2b2ef54a1fcf": Version(
        version=1,
        format=1,
        packages={"PyStemmer": "3.1.0", "pyarabic": "0.6.15", "trafilatura": "2.3.1", "pypdfium2": "5.15.2"},
        weights={"vectors.bin": "1351dd3958b34a69"},
    )
}
"""What indexes are that were written before they said so, in folders named by a hash of the source files. Which
packages made them nobody wrote down: these are the ones that were tested with that state of the files."""


def current() -> Version:
    """What an index is that is made now."""
    return Version(
        VERSION,
        FORMAT,
        {name: version(name) for name in PACKAGES},
        {name: _digest(package, name) for package, name in WEIGHTS},
    )


def key_of(corpus: Path) -> str:
    """By what the indexes of a corpus are named: its path as it is given, made absolute."""
    return sha256(os.path.abspath(os.fsencode(corpus))).hexdigest()[:16]  # noqa: PTH100  (not resolve: links stay)


@dataclass(frozen=True, slots=True)
class Said:
    """What the files of an index say: its version, and the corpus, a path as it was given, where that is said."""

    version: Version
    corpus: Path | None


def said_in(folder: Path) -> Said | None:
    """What the index in a folder says it is; None where it says nothing that is understood."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8", "surrogateescape"))
        return Said(Version(**told["version"]), Path(told["corpus"]))
    except FileNotFoundError:
        return Said(UNSAID[folder.name], None) if folder.name in UNSAID else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def say(folder: Path, said: Version, corpus: Path) -> None:
    """Writes what the index in a folder is, made where there is none, unless that stands there. Raises EngineError
    where it cannot be written."""
    path = Path(os.path.abspath(corpus))  # noqa: PTH100  (not resolve: links stay as they were given)
    if said_in(folder) == Said(said, path):
        return
    told = json.dumps({"corpus": str(path), "version": asdict(said)}, ensure_ascii=False, indent=1)
    part = folder / f"{NAME}.part"
    try:
        folder.mkdir(exist_ok=True)
        keep_out(folder)
        part.write_text(told + "\n", "utf-8", "surrogateescape")
        part.replace(folder / NAME)
    except OSError as error:
        raise EngineError(f"{folder}: no index can be made there ({error}); free some space or mend that") from None


@cache
def _digest(package: str, name: str) -> str:
    with files(package).joinpath(name).open("rb") as file:
        found = sha256()
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()[:16]
