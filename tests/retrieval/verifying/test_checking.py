"""A quotation is checked: what is said of it, where it stands, and that it is said of what is stored now."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA

from retrieval import LONGEST_TEXT, Library, Verdict
from retrieval.verifying import checking

FOLDER = DATA / "verifying"
TEXTS = [json.loads(line) for line in (FOLDER / "texts.jsonl").read_text("utf-8").splitlines()]
HARBOUR = (FOLDER / "documents" / "harbour.txt").read_text("utf-8")
EXACT = "وتوقع الحسيني ألا يتأخر ذلك عن نهاية الصيف."


@pytest.fixture(scope="module", params=["memory", "disk"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    index = tmp_path_factory.mktemp("index")
    with closing(Library.open(FOLDER / "documents", engine=request.param, index=index, reader=False)) as opened:
        yield opened


def changes(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Each change: its kind, the words of the text, those of the source."""
    return [
        (
            change.kind,
            verdict.text[change.start : change.end],
            quote.document.text[change.source_start : change.source_end],
        )
        for sentence in verdict.sentences
        for quote, change in sentence.changed
    ]


def test_the_texts_by_hand_are_judged_as_who_wrote_them_says(library: Library) -> None:
    count, right = Counter[str](), Counter[str]()
    for case in TEXTS:
        verdict = library.verify(case["text"])
        count[case["kind"]] += 1
        right[case["kind"]] += verdict.kind == case["kind"]
        assert verdict.kind != "exact" or case["kind"] == "exact", case["text"]
    assert len(TEXTS) > 100
    assert {kind: count[kind] - right[kind] for kind in count} == {
        "exact": 0,
        "spelling": 2,  # «ويروى السد», «ويربى الاقليم»: two words by the table, slips by the rest
        "altered": 0,
        "pieced": 5,  # where one of the pieces is a few words, the text is taken for its sentence, altered
        "absent": 0,
    }


def test_where_an_exact_quotation_stands(library: Library) -> None:
    (sentence,) = library.verify(EXACT).sentences
    (quote,) = sentence.quotes
    assert quote.text == EXACT.rstrip(".")
    assert (quote.document.id, quote.paragraph) == ("harbour.txt", 3)
    assert not sentence.is_part


def test_a_part_of_a_sentence_is_said_to_be_one(library: Library) -> None:
    verdict = library.verify("كلفة التوسعة بلغت 340 مليون دينار")
    assert (verdict.kind, verdict.sentences[0].is_part) == ("exact", True)


def test_a_whole_document_stands_sentence_by_sentence(library: Library) -> None:
    verdict = library.verify(HARBOUR)
    assert verdict.kind == "exact"
    assert len(verdict.sentences) > 6
    assert "".join("".join(one.span.of(HARBOUR).split()) for one in verdict.sentences) == "".join(HARBOUR.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وتوقع الحسيني أن يتأخر ذلك عن نهاية الصيف", [("changed", "أن", "ألا")]),
        ("وتوقع الحسيني ألا يتأخر ذلك أبدا عن نهاية الصيف", [("added", "أبدا", "")]),
        ("وتوقع الحسيني ألا يتأخر عن نهاية الصيف", [("dropped", "", "ذلك")]),
        ("وقال مدير الميناء، على الحسيني، إن الأرصفة الجديدة", [("changed", "على", "علي")]),
        ("يحفظ الرطوبة عند 45 والحرارة عند 18 درجة", [("dropped", "", "%")]),
        ("يصل إليها طريق معبد، ويقطع بعض تلاميذها سبعة كيلومترات", [("dropped", "", "ولا")]),
    ],
)
def test_the_words_that_were_altered_are_named(
    library: Library, text: str, expected: list[tuple[str, str, str]]
) -> None:
    verdict = library.verify(text)
    assert verdict.kind == "altered"
    assert changes(verdict) == expected
    assert any(quote.highlights for quote in verdict.sentences[0].quotes) == any(source for _, _, source in expected)


def test_words_left_out_between_two_that_are_the_same_are_all_that_is_named(library: Library) -> None:
    verdict = library.verify("وقال مدير الميناء، علي الحسيني، إن الأرصفة القديمة لا تتسع إلا لخمس سفن.")
    dropped = "الجديدة تتسع لاثنتي عشرة سفينة في وقت واحد، وكانت الأرصفة"
    assert changes(verdict) == [("dropped", "", dropped)]


def test_words_that_are_run_together_or_parted_are_spelling_but_no_number(library: Library) -> None:
    assert library.verify("وتوقع الحسيني الا يتأخر ذ لك عن نهاية الصيف").kind == "spelling"
    assert library.verify("أن كلفة التوسعة بلغت 3 40 مليون دينار").kind == "altered"


def test_a_statement_that_is_quoted_as_a_question_is_not_word_for_word(library: Library) -> None:
    assert library.verify(EXACT.replace(".", "؟")).kind == "spelling"


def test_sentences_that_do_not_follow_each_other_are_pieced_and_few_words_left_out_between_are_named(
    library: Library,
) -> None:
    skipped = library.verify(f"ولم تحدد الإدارة موعدا لعودة السفن السياحية. {EXACT}")
    assert skipped.kind == "pieced"
    left_out = library.verify("ولم تسجل أي وفاة حتى الآن. الفرق اللقاح إلى القرى البعيدة على ظهور البغال")
    assert changes(left_out) == [("dropped", "", "وتنقل")]


@pytest.mark.parametrize(
    "text",
    [
        "سجل يوسف الأمين هدفي الساحل في الدقيقتين 23 و71 الصيف. ويعمل في الميناء نحو 1,250 عاملا",
        "كلفة التوسعة بلغت 340 مليون. دينار سجل يوسف الأمين هدفي الساحل في الدقيقتين 23 و71",
    ],
)
def test_a_sentence_that_ends_with_a_word_of_the_next_ones_place_is_pieced(library: Library, text: str) -> None:
    assert library.verify(text).kind == "pieced"


def test_a_text_of_which_little_stands_is_absent(library: Library) -> None:
    elsewhere = (
        "وصلت القافلة إلى الواحة بعد مسير طويل في الرمال الحارة. ثم نزل المسافرون عند البئر واستراحوا فيها. " * 3
    )
    assert library.verify(elsewhere + "ولم تسجل أي وفاة حتى الآن.").kind == "absent"


@pytest.mark.parametrize("text", ["", "  ", "؟!", "في من على", "\ud800", "🙂" * 30])
def test_a_text_without_words_to_look_for_is_absent(library: Library, text: str) -> None:
    assert library.verify(text).kind == "absent"


def test_no_more_is_checked_than_a_bound(library: Library) -> None:
    verdict = library.verify("في الميناء " * LONGEST_TEXT)
    assert verdict.is_cut
    assert max(sentence.span.end for sentence in verdict.sentences) <= LONGEST_TEXT


def test_a_text_that_takes_too_long_is_checked_as_far_as_the_time_reaches(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.0)
    verdict = library.verify(HARBOUR)
    assert (verdict.kind, verdict.is_cut, verdict.stands) == ("exact", True, False)
    assert len(verdict.sentences) == 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_stretch_of_a_document_is_exact_and_any_word_changed_in_it_is_not(data: st.DataObject) -> None:
    words = HARBOUR.split(" ")
    first = data.draw(st.integers(12, len(words) - 16))
    stretch = words[first : first + data.draw(st.integers(6, 15))]
    assert _memory().verify(" ".join(stretch)).kind in ("exact", "altered")  # a negation may stand just before it
    stretch[3] = "زنجبيل"
    assert not _memory().verify(" ".join(stretch)).stands


def _memory(held: list[Library] = []) -> Library:  # noqa: B006  (opened once)
    if not held:
        held.append(Library.open(FOLDER / "documents", engine="memory", reader=False))
    return held[0]


def test_what_changed_since_it_was_indexed_is_not_said_to_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HARBOUR, "utf-8")
    with closing(Library.open(tmp_path, engine="memory", reader=False)) as library:
        assert library.verify(EXACT).kind == "exact"
        path.write_text(HARBOUR.replace("نهاية الصيف", "آخر الخريف"), "utf-8")
        assert library.verify(EXACT).kind == "absent"
        library.refresh()
        assert library.verify(EXACT).kind == "altered"
