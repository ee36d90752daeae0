"""What opening a corpus does before it is known how it is kept."""

from pathlib import Path

import pytest

from retrieval import Library
from retrieval.corpus import opening
from retrieval.corpus.memory import MemoryCorpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bridge.txt").write_text("الجسر\n\nافتتحت البلدية الجسر الجديد صباح السبت.\n", "utf-8")
    return folder


def test_a_corpus_too_large_for_memory_is_not_indexed_there_first(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LONGEST_IN_MEMORY", 10)
    monkeypatch.setattr(MemoryCorpus, "_indexed", lambda *_: pytest.fail("all of it was indexed in memory"))
    library = Library.open(corpus, index=tmp_path / "index", reader=False)
    try:
        assert [document.id for document in library.documents] == ["bridge.txt"]
        assert (tmp_path / "index").exists()
    finally:
        library.close()
