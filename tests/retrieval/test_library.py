"""The library: what it quotes is stored, word for word, now; what it cannot serve it says."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA, ROOT

from retrieval import Answer, Library, Source
from retrieval.corpus.snapshot import Corpus
from retrieval.errors import CorpusError, EngineError

QUESTION = "كم كلف ترميم الجسر؟"
SENTENCE = "كلف ترميم الجسر مليوني دينار."
ARTICLE = f"أخبار البلدة\n\nافتتح العمدة السوق صباح الأحد. {SENTENCE} وحضر الحفل أهل البلدة.\n"


@cache
def everything() -> Library:
    """The shipped corpus, of which meaning finds too."""
    library = Library.open(ROOT / "corpus")
    assert library.make_vectors()
    return library


@cache
def by_words() -> Library:
    """The same, asked by words alone."""
    return Library.open(ROOT / "corpus", min_confidence=0.1, reader=False)


def questions() -> list[tuple[str, str]]:
    """Every question of the test data, with the corpus that it is asked of."""
    found = []
    for name, folder in [
        ("seed_questions", "corpus"),
        ("seed_refusals", "corpus"),
        ("footer_traps", "tests/data/footers"),
        ("single_questions", "tests/data/single"),
    ]:
        for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
            asked = json.loads(line)
            found.append((str(Path(folder, asked.get("document", ""))), asked["question"]))
    return found


@cache
def opened(path: str) -> Library:
    return Library.open(ROOT / path, reader=path.startswith("corpus"))


def texts(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


def written(folder: Path, **files: str) -> Library:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, "utf-8", newline="")
    return Library.open(folder, reader=False)


@pytest.mark.parametrize("folder", ["corpus", "tests/data/footers", "tests/data/single"])
def test_every_quote_of_every_question_is_a_slice_of_the_file(folder: str) -> None:
    quoted = 0
    for path, question in questions():
        if path.startswith(folder):
            for quote in opened(path).ask(question).quotes:
                file = ROOT / path if (ROOT / path).is_file() else ROOT / path / quote.document.id
                stored = file.read_bytes().decode("utf-8")
                assert stored[quote.span.start : quote.span.end] == quote.text
                assert all(quote.span.holds(h) and h.of(stored).strip() for h in quote.highlights)
                assert quote.span.start >= quote.document.heading
                quoted += 1
    assert quoted >= 25


ANY_TEXT = st.one_of(
    st.text(st.one_of(st.sampled_from("متىكمأين درعاسوريا؟َـ\u200f١½ﷲ\n"), st.characters()), max_size=80),
    st.lists(st.sampled_from(["متى", "كم", "من", "درعا", "المعارضة", "Дом", "👍", "\ud800", "'\"", "1,5"])).map(
        " ".join
    ),
)


def only_slices_come_back(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.question == question
    assert 0 <= answer.confidence <= 1
    assert len(answer.quotes) <= 3
    for quote in answer.quotes:
        assert quote.text == quote.document.text[quote.span.start : quote.span.end]
        assert quote.document.text in {document.text for document in library.documents}


@settings(deadline=None, derandomize=True, database=None, max_examples=150)
@given(ANY_TEXT)
def test_any_text_can_be_asked_and_only_slices_come_back(question: str) -> None:
    only_slices_come_back(by_words(), question)


@settings(deadline=None, derandomize=True, database=None, max_examples=30)
@given(ANY_TEXT)
def test_the_reader_too_gives_only_slices(question: str) -> None:
    only_slices_come_back(everything(), question)


@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(
    st.text(
        st.one_of(st.sampled_from("كم درعا سنة ½١٩.؟«\n\r\u200f"), st.characters(exclude_characters="\0")), max_size=80
    )
)
def test_any_text_can_be_served_and_is_quoted_as_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("any") / "a.txt"
    file.write_bytes(f"عنوان\n\nدرعا {text}".encode("utf-8", "replace"))
    stored = file.read_bytes().decode("utf-8")
    answer = Library.open(file, min_confidence=0.0, reader=False).ask("كم سنة درعا؟")
    assert answer.found
    assert all(quote.text == stored[quote.span.start : quote.span.end] for quote in answer.quotes)


@pytest.mark.parametrize("k", [1, 2])
def test_an_answer_has_at_most_as_many_quotes_as_are_wanted(k: int) -> None:
    library = Library.open(ROOT / "corpus", min_confidence=0.0, reader=False)
    assert len(library.ask("ماذا قالت المعارضة في درعا؟", k=3).quotes) == 3
    assert len(library.ask("درعا", k=k).quotes) == k


def test_a_refusal_says_no_weekday_found_where_another_word_is_like_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("رممت جمعية الصيادين مبنى المتحف القديم.\n", "utf-8")
    answer = Library.open(tmp_path, min_confidence=1.0, reader=False).ask("هل المتحف القديم مفتوح الجمعة؟")
    assert "المتحف" in answer.found_words
    assert "الجمعة" in answer.missing_words


def test_a_refusal_names_found_words_missing_words_and_the_nearest_titles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    answer = Library.open(tmp_path, min_confidence=1.0).ask("متى اخترع المصباح الكهربائي في السوق؟")
    assert not answer.found
    assert answer.found_words == ("السوق",)
    assert answer.missing_words == ("اخترع", "المصباح", "الكهربائي")
    assert answer.nearest == (Source("a.txt", "أخبار البلدة"),)


def test_what_leaves_nearly_all_of_a_question_for_yes_or_no_unsaid_is_no_answer() -> None:
    assert not everything().ask("هل يرى غيري الملف الذي أرسلته؟").found
    assert everything().ask("هل يقرأ البوت ملفات PDF؟", k=1).unsaid == ()


def test_a_word_of_a_dialect_is_found_where_the_standard_one_stands(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    answer = library.ask("مين هيدهن الكوبري الأصفر؟")
    assert "الكوبري" in answer.found_words
    assert "الأصفر" in answer.missing_words


def test_a_word_that_stands_somewhere_else_in_a_large_corpus_is_not_found(tmp_path: Path) -> None:
    asked = "متى اخترع المصباح الكهربائي في السوق القديم؟"
    others = ["اخترع المهندس ساعة من خشب.", "علق الحارس المصباح على الباب.", "تعطل المحرك الكهربائي أمس."]
    for number in range(60):
        text = others[number % 3].replace(".", f" في الحلقة {number} من الحكاية.")
        (tmp_path / f"{number}.txt").write_text(f"حكاية {number}\n\n{text}\n", "utf-8")
    (tmp_path / "market.txt").write_text("السوق القديم\n\nافتتح السوق القديم أبوابه صباحا، وعاد الباعة.\n", "utf-8")
    library = Library.open(tmp_path, min_confidence=1.0, reader=False)
    assert all(library.ask(word).found_words for word in ("اخترع", "المصباح", "الكهربائي", "السوق", "القديم"))
    answer = library.ask(asked)
    assert not answer.found
    assert answer.found_words == ("السوق", "القديم")
    assert answer.missing_words == ("اخترع", "المصباح", "الكهربائي")
    assert answer.nearest[0] == Source("market.txt", "السوق القديم")


def test_a_word_of_the_title_is_found_though_its_passage_does_not_repeat_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("جسر الحديد\n\nبدأ ترميمه في الربيع، ودام عامين كاملين.\n", "utf-8")
    answer = Library.open(tmp_path, min_confidence=1.0, reader=False).ask("كم دام ترميم جسر الحديد المعلق؟")
    assert answer.missing_words == ("المعلق",)


def test_an_answer_lists_no_nearest_titles(tmp_path: Path) -> None:
    assert written(tmp_path, a__txt=ARTICLE).ask(QUESTION).nearest == ()


def test_the_least_confidence_decides_between_answer_and_refusal(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ARTICLE, "utf-8")
    asked = "كم كلف ترميم القصر البعيد؟"
    confidence = Library.open(file).ask(asked).confidence
    assert 0 < confidence < 1
    assert Library.open(file, min_confidence=confidence - 0.01).ask(asked).found
    assert not Library.open(file, min_confidence=confidence + 0.01).ask(asked).found


@pytest.mark.parametrize(
    "changed", [ARTICLE.replace("مليوني", "ثلاثة ملايين"), ARTICLE + " ", "\ufeff" + ARTICLE + "\n", "", "\0"]
)
def test_a_file_that_changed_is_quoted_no_more(tmp_path: Path, changed: str) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    assert SENTENCE in texts(library.ask(QUESTION))
    (tmp_path / "a.txt").write_text(changed, "utf-8")
    assert not library.ask(QUESTION).found


def test_a_file_that_is_gone_is_quoted_no_more(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    (tmp_path / "a.txt").unlink()
    assert not library.ask(QUESTION).found


def test_a_line_of_jsonl_that_moved_is_quoted_no_more(tmp_path: Path) -> None:
    line = json.dumps({"id": "x", "text": ARTICLE}, ensure_ascii=False)
    library = written(tmp_path, a__jsonl=line)
    assert SENTENCE in texts(library.ask(QUESTION))
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "w", "text": "غيره"}) + "\n" + line, "utf-8")
    assert not library.ask(QUESTION).found


def test_what_other_files_hold_is_still_quoted_when_one_changed(tmp_path: Path) -> None:
    library = written(
        tmp_path, a__txt=ARTICLE, b__txt=f"نسخة\n\n{SENTENCE} هذا ما قيل.\n", c__txt="غيره\n\nلا شيء هنا."
    )
    (tmp_path / "c.txt").unlink()
    assert SENTENCE in texts(library.ask(QUESTION))


def test_a_sentence_that_another_source_still_holds_is_quoted_from_it(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE, b__txt=ARTICLE.replace("أخبار", "أنباء"))
    (first,) = [quote for quote in library.ask(QUESTION).quotes if quote.text == SENTENCE]
    (tmp_path / first.document.id).unlink()
    assert SENTENCE in texts(library.ask(QUESTION))


def test_refreshing_serves_what_is_there_now(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    (tmp_path / "a.txt").write_text(ARTICLE.replace("مليوني", "ثلاثة ملايين"), "utf-8")
    (tmp_path / "b.txt").write_text("جديد\n\nنص جديد.", "utf-8")
    library.refresh()
    assert texts(library.ask(QUESTION))[0] == "كلف ترميم الجسر ثلاثة ملايين دينار."
    assert [document.id for document in library.documents] == ["a.txt", "b.txt"]


def test_a_refresh_that_finds_nothing_changes_nothing(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    (tmp_path / "a.txt").rename(tmp_path / ".a.txt")
    with pytest.raises(CorpusError, match="no documents"):
        library.refresh()
    (tmp_path / ".a.txt").rename(tmp_path / "a.txt")
    assert library.ask(QUESTION).found


def test_a_closed_library_answers_no_more(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    library.close()
    library.close()
    with pytest.raises(RuntimeError, match="closed"):
        library.ask(QUESTION)


def test_a_missing_corpus_is_an_error_that_names_the_mend(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no corpus at .*missing.*--corpus"):
        Library.open(tmp_path / "missing")


def test_an_empty_corpus_is_an_error_that_names_the_mend(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no documents in .*put \.txt"):
        Library.open(tmp_path)


def test_a_corpus_of_unreadable_files_is_an_error_that_names_one(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no readable documents .*a\.txt: the file is empty \(and 1 more\)"):
        written(tmp_path, a__txt="", b__txt="")


def test_an_unknown_engine_is_an_error_that_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'quantum': choose auto, memory, disk or cluster"):
        Library.open(tmp_path, engine="quantum")


def test_files_that_cannot_be_read_are_named_and_the_rest_answers(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE, b__txt="")
    assert [problem.reason for problem in library.problems] == ["b.txt: the file is empty"]
    assert library.ask(QUESTION).found


def test_the_same_sentence_of_two_sources_is_one_quote_that_names_both(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE, b__txt=ARTICLE.replace("أخبار", "أنباء"))
    (quote,) = [quote for quote in library.ask(QUESTION).quotes if quote.text == SENTENCE]
    titles = {"a.txt": "أخبار البلدة", "b.txt": "أنباء البلدة"}
    (other,) = titles.keys() - {quote.document.id}
    assert quote.also == (Source(other, titles[other]),)


def test_the_same_sentence_twice_in_one_source_names_no_other(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=f"أخبار\n\n{SENTENCE}\n\nوبعد أعوام قيل هذا كله.\n\n{SENTENCE}\n")
    (quote,) = [quote for quote in library.ask(QUESTION).quotes if quote.text == SENTENCE]
    assert quote.also == ()


def test_the_title_line_is_never_quoted(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=f"{SENTENCE}\n\nخبر قصير عن ترميم الجسر.\n")
    assert SENTENCE not in texts(library.ask(QUESTION))


def test_many_threads_get_the_answers_that_one_gets() -> None:
    asked = [question for path, question in questions() if path == "corpus"]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(everything().ask, asked)) == [everything().ask(question) for question in asked]


def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills, from now on, with what is searched for in a corpus."""
    worked: list[str] = []
    search = Corpus.search
    monkeypatch.setattr(
        Corpus, "search", lambda self, question, *more: (worked.append(question.text), search(self, question, *more))[1]
    )
    return worked


def test_what_is_refused_is_worked_out_once_with_what_may_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = written(tmp_path, **{"a.txt": "عنوان\n\nوصلت القافلة سنة 1911 إلى السوق."})
    worked = searched(monkeypatch)
    first = library.ask("متى انقلبت الحافلة؟")
    assert (first.found, first.meant) == (False, "متى انقلبت القافلة؟")
    before = list(worked)
    assert library.ask("متى انقلبت الحافلة؟") == first
    assert worked == before


def test_what_is_asked_again_is_worked_out_once_and_anew_after_a_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = written(tmp_path, **{"a.txt": "عنوان\n\nافتتح الجسر الحجري صباح الأحد."})
    worked = searched(monkeypatch)
    first = library.ask("متى افتتح الجسر؟")
    assert library.ask("متى افتتح الجسر؟") == first
    assert library.ask("متى افتتح الجسر؟", previous="أين تقع درعا؟") == first  # it leans on nothing
    assert len(worked) == 1
    for other in (library.ask("متى افتتح الجسر؟", k=1), library.ask("ومن؟", previous="متى افتتح الجسر؟")):
        assert other is not first
    assert len(worked) == 3
    (tmp_path / "b.txt").write_text("عنوان آخر\n\nافتتح الجسر الخشبي صباح الاثنين.", "utf-8")
    library.refresh()
    assert len(library.ask("متى افتتح الجسر؟").quotes) == 2


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_a_document_is_found_again_while_its_text_is_the_same(tmp_path: Path, engine: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text(ARTICLE, "utf-8")
    library = Library.open(corpus, engine=engine, index=tmp_path / "index")
    (quote, *_) = library.ask(QUESTION).quotes
    assert library.document("a.txt", quote.document.digest) == quote.document
    assert library.document("a.txt", "of another text") is None
    assert library.document("b.txt", quote.document.digest) is None
    (corpus / "a.txt").write_text(f"{ARTICLE}\nسطر جديد.\n", "utf-8")
    assert library.document("a.txt", quote.document.digest) is None
    (corpus / "a.txt").unlink()
    assert library.document("a.txt", quote.document.digest) is None
    library.close()


def test_an_answer_says_whether_its_question_leaned_on_the_one_before(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    assert library.ask("ومتى؟", previous=QUESTION).leans
    assert not library.ask("ومتى؟").leans
    assert not library.ask(QUESTION, previous="من افتتح السوق؟").leans
    assert not library.ask("كم كلف ترمييم الجسر؟").leans  # mended is not joined


def test_a_question_in_latin_letters_leans_on_the_one_before_too(tmp_path: Path) -> None:
    library = written(tmp_path, a__txt=ARTICLE)
    for previous in (QUESTION, "kam kallaf tarmim el jisr?"):
        answer = library.ask("w emta?", previous=previous)
        assert answer.leans
        assert (answer.question, answer.searched[:7]) == ("w emta?", "وامتى؟ ")
    library.close()
