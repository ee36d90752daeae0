"""A stretch of a document as a quote, where it stands; and documents by the words of their titles."""

from collections.abc import Iterator

import pytest

from retrieval import Library, Source, Span

SENTENCE = "كلف ترميم الجسر الحجري القديم مليوني دينار في سنة 1998."
FILES = {
    "a": f"أخبار الجسر\n\nافتتح العمدة السوق.\n\n{SENTENCE} وحضر الحفل أهل البلدة.\n",
    "b": f"حصاد العام\n\nقال العمدة إن السنة طيبة. {SENTENCE}\n",
    "c": "أخبار الميناء\n\nكلف ترميم الجسر الحجري القديم ثلاثة ملايين دينار في سنة 1998.\n",
}


@pytest.fixture(scope="module", params=["memory", "disk"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("placing")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in FILES.items():
        (corpus / f"{name}.txt").write_text(text, "utf-8")
    many = "\n\n".join(
        f"الفقرة رقم {number} من فقرات هذا الكتاب الطويل عن النخيل وزراعته. " * 8 for number in range(700)
    )
    (corpus / "long.txt").write_text(f"كتاب النخيل\n\n{many}\n", "utf-8")
    (corpus / "z.txt").write_text("كتب النحل\n\nيعيش النحل في الخلايا.\n", "utf-8")
    opened = Library.open(corpus, engine=request.param, index=folder / "index", reader=False)
    yield opened
    opened.close()


def span_of(library: Library, name: str, words: str) -> tuple[object, Span]:
    document = library.documents.stored(name)
    start = document.text.index(words)
    return document, Span(start, start + len(words))


def test_a_stretch_has_its_paragraph_and_the_other_sources_of_its_words(library: Library) -> None:
    quote = library.placed(*span_of(library, "a.txt", SENTENCE))  # type: ignore[arg-type]
    assert (quote.text, quote.paragraph) == (SENTENCE, 2)
    assert quote.also == (Source("b.txt", "حصاد العام"),)  # not the one with another figure


def test_one_in_the_heading_or_of_no_words_has_a_place_too(library: Library) -> None:
    document, _ = span_of(library, "a.txt", SENTENCE)
    assert library.placed(document, Span(0, 5)).paragraph >= 1  # type: ignore[arg-type]
    assert library.placed(document, Span(11, 13)).also == ()  # type: ignore[arg-type]


def test_one_that_ends_outside_is_none(library: Library) -> None:
    document, _ = span_of(library, "a.txt", SENTENCE)
    with pytest.raises(ValueError, match="outside"):
        library.placed(document, Span(3, 9999))  # type: ignore[arg-type]


def test_documents_are_found_by_words_of_their_titles_however_spelled(library: Library) -> None:
    assert [own.id for own in library.titled("اخبار", 9)] == ["a.txt", "c.txt"]
    assert next(own.id for own in library.titled("الجسر والأخبار", 9)) == "a.txt"
    assert [own.id for own in library.titled("الأخبار", 1)] == ["a.txt"]
    assert library.titled("السوق", 9) == []  # in a text alone
    assert library.titled("في من", 9) == library.titled("", 9) == []


def test_a_long_document_does_not_hide_the_others(library: Library) -> None:
    assert {own.id for own in library.titled("كتاب", 9)} == {"long.txt", "z.txt"}
