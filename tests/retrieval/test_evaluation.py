"""The evaluation: question sets in their forms, and each figure against numbers worked out by hand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from places import DATA

from retrieval import Answer, Document, Library, Quote, Span
from retrieval.evaluation import (
    Case,
    Figures,
    Outcome,
    Point,
    QuestionsError,
    auroc,
    evaluate,
    figures,
    is_right,
    judge,
    longest,
    plain,
    read_cases,
    risk_coverage,
)

FIRST, SECOND, THIRD = "بني الجسر سنة ١٩٢٦.", "كلف ترميمه مليوني دينار.", "يعبره ألف إنسان كل يوم."
PARAGRAPH = f"{FIRST} {SECOND}"
DOCUMENT = Document("bridge.txt", "الجسر", f"{PARAGRAPH}\n\n{THIRD}")
WHEN = Case("1", "متى بني الجسر؟", ("1926",), PARAGRAPH)
COST = Case("2", "كم كلف ترميم الجسر؟", ("مليوني دينار", "مليوني"), PARAGRAPH)


def quote(words: str, highlight: str | None = None) -> Quote:
    start = DOCUMENT.text.index(words)
    span = Span(start, start + len(words))
    if highlight is None:
        return Quote(DOCUMENT, span)
    at = DOCUMENT.text.index(highlight)
    return Quote(DOCUMENT, span, (Span(at, at + len(highlight)),))


def answer(*quotes: Quote, confidence: float = 0.5) -> Answer:
    return Answer("", "", quotes, confidence)


def rows(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return path


OUTCOMES = [
    judge(WHEN, answer(quote(FIRST, "١٩٢٦"), confidence=0.9), {DOCUMENT.id: DOCUMENT.text}),  # right, marked 4 / 4
    judge(COST, answer(quote(SECOND, "مليوني دينار."), confidence=0.8), {DOCUMENT.id: DOCUMENT.text}),  # 13 / 6
    judge(WHEN, answer(quote(SECOND), quote(FIRST), confidence=0.8), {DOCUMENT.id: DOCUMENT.text}),  # right as second
    judge(COST, answer(quote(THIRD), confidence=0.4), {}),  # wrong, another paragraph; a text that is not there
    judge(COST, answer(confidence=0.2), {DOCUMENT.id: DOCUMENT.text}),  # refused
    judge(Case("6", "من هو العمدة؟", answerable=False), answer(confidence=0.1), {}),  # rightly refused
    judge(Case("7", "أين السوق؟", answerable=False), answer(quote(THIRD)), {DOCUMENT.id: DOCUMENT.text}),  # answered
]


def test_every_figure_is_what_a_hand_works_out() -> None:
    lengths = [len(FIRST), len(SECOND), len(SECOND), len(THIRD), len(THIRD)]
    assert figures(OUTCOMES) == Figures(
        n=7,
        quote_at_1=2 / 5,
        quote_at_3=3 / 5,
        para_at_1=3 / 5,
        refused=1 / 5,
        marked=2 / 2,
        mark_ratio=(4 / 4 + 13 / 6) / 2,
        chars_at_1=sum(lengths) / 5,
        verbatim=5 / 6,
        auroc=(5 + 3) / (5 * 2),  # over 0.1: all five; over 0.5: three
        answered_answerable=4 / 5,
        answered_unanswerable=1 / 2,
        right_of_answered=2 / 5,
        risk_coverage=(
            Point(0.9, 1 / 7, 0),
            Point(0.8, 3 / 7, 1 / 3),
            Point(0.5, 4 / 7, 2 / 4),
            Point(0.4, 5 / 7, 3 / 5),
        ),
    )


def test_figures_are_named_as_people_call_them() -> None:
    named = figures(OUTCOMES).named()
    assert (named["n"], named["quote@1"], named["para@1"], named["mark_ratio"]) == (7, 0.4, 0.6, 1.5833)
    assert "risk_coverage" not in named


def test_what_a_set_cannot_say_is_none() -> None:
    only_refusals = figures([OUTCOMES[5]])
    assert (only_refusals.quote_at_1, only_refusals.auroc, only_refusals.refused) == (None, None, None)
    assert (only_refusals.answered_unanswerable, only_refusals.risk_coverage) == (0, ())
    assert figures([]).named() == dict.fromkeys(figures([]).named()) | {"n": 0}


def test_a_set_that_knows_only_what_is_answerable_judges_no_quote() -> None:
    known = [judge(Case("1", "؟"), answer(quote(FIRST), confidence=0.9)), OUTCOMES[6]]
    found = figures(known)
    assert (found.auroc, found.answered_answerable, found.answered_unanswerable) == (1, 1, 1)
    assert (found.quote_at_1, found.right_of_answered, found.risk_coverage) == (None, None, ())
    assert known[0].good is None


@pytest.mark.parametrize(
    ("outcome", "good", "expected", "got"),
    [
        (OUTCOMES[0], True, "1926", FIRST),
        (OUTCOMES[2], False, "1926", SECOND),
        (OUTCOMES[4], False, "مليوني دينار | مليوني", None),
        (OUTCOMES[5], True, None, None),
        (OUTCOMES[6], False, None, THIRD),
    ],
)
def test_an_outcome_says_what_was_expected_and_what_came(
    outcome: Outcome, good: bool, expected: str | None, got: str | None
) -> None:
    assert (outcome.good, outcome.expected, outcome.got) == (good, expected, got)


def test_a_padded_quote_is_not_right() -> None:
    filler = "وحضر الحفل جمع من أهل البلدة. " * 10
    case = replace(WHEN, context=filler + FIRST)
    assert longest(filler + FIRST, case.answers) == 1.5 * len(FIRST) + 80
    assert is_right(case, FIRST)
    assert not is_right(case, filler + FIRST)


def test_the_longest_quote_without_a_sentence_that_answers_is_that_of_250_characters() -> None:
    assert longest(PARAGRAPH, ("لا شيء",)) == 1.5 * 250 + 80


def test_without_a_paragraph_the_quote_itself_must_not_be_padded() -> None:
    case = replace(WHEN, context=None)
    assert is_right(case, FIRST)
    assert not is_right(case, FIRST + " وحضر الحفل جمع من أهل البلدة." * 10)
    assert judge(case, answer(quote(FIRST))).in_paragraph is None


def test_a_quote_of_another_paragraph_is_not_right_even_with_the_answer() -> None:
    assert not is_right(WHEN, "ولد العمدة سنة 1926.")


def test_spelling_does_not_make_a_quote_wrong() -> None:
    assert plain("أُعْطِـيَ  إلى\nالمكتبة ١٢ ۳ مسؤولٌ شاطئ") == "اعطي الي المكتبه 12 3 مسوول شاطي"


def test_equal_confidences_count_half() -> None:
    assert auroc([0.5, 0.9], [0.5, 0.1]) == (0.5 + 1 + 1 + 1) / 4
    assert auroc([], [0.5]) is None


def test_equal_confidences_are_one_point() -> None:
    assert risk_coverage([(0.3, False), (0.7, True), (0.3, True)], 4) == (Point(0.7, 0.25, 0), Point(0.3, 0.75, 1 / 3))


def test_the_question_before_is_asked_with() -> None:
    asked: list[tuple[str, str | None]] = []

    def ask(question: str, previous: str | None = None) -> Answer:
        asked.append((question, previous))
        return answer()

    outcomes = evaluate(ask, [WHEN, replace(COST, previous=WHEN.question)])
    assert asked == []  # one by one, as they are wanted
    assert len(list(outcomes)) == 2
    assert asked == [(WHEN.question, None), (COST.question, WHEN.question)]


def test_the_library_is_asked() -> None:
    library = Library.open(DATA / "single", reader=False)
    cases = read_cases(DATA / "single_questions.jsonl")
    found = figures(list(evaluate(library.ask, cases, {d.id: d.text for d in library.documents})))
    assert (found.n, found.verbatim) == (len(cases), 1)
    assert found.quote_at_1 is not None
    assert found.quote_at_1 > 0.7


def test_each_form_of_a_line_is_read(tmp_path: Path) -> None:
    path = rows(
        tmp_path / "questions.jsonl",
        {"id": 7, "question": "س", "doc": "d1", "answers": ["ج", "ج", "د"], "context": "ف"},
        {"question": "س", "quote": "ج", "document": "d2", "previous": "ق"},
        {"question": "س", "answer": "ج"},
        {"question": "س", "quote": None},
        {"question": "س", "answer": None},
        {"question": "س", "answerable": True},
        {"question": "س", "answers": ["ج"], "answerable": False},
    )
    assert read_cases(path) == [
        Case("7", "س", ("ج", "د"), "ف", "d1"),
        Case("2", "س", ("ج",), None, "d2", True, "ق"),
        Case("3", "س", ("ج",)),
        Case("4", "س", answerable=False),
        Case("5", "س", answerable=False),
        Case("6", "س"),
        Case("7", "س", ("ج",), answerable=False),
    ]


def test_the_form_of_squad_is_read(tmp_path: Path) -> None:
    asked = [
        {"id": "a", "question": "س", "answers": [{"text": "ج", "answer_start": 0}], "is_impossible": False},
        {"id": "b", "question": "ش", "answers": [], "is_impossible": True},
    ]
    whole = {"version": "2.0", "data": [{"title": "ع", "paragraphs": [{"context": "ف", "qas": asked}]}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(whole, indent=1), "utf-8")
    assert read_cases(path) == [Case("a", "س", ("ج",), "ف", "ع"), Case("b", "ش", (), "ف", "ع", answerable=False)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not an object"),
        ('{"quote": "ج"}', 'line 2: "question" is not text, or empty'),
        ('{"question": " ", "quote": "ج"}', 'line 2: "question" is not text, or empty'),
        ('{"question": "س"}', "line 2: nothing of the answer"),
        ('{"question": "س", "quote": "ـ"}', 'line 2: "quote" is not text, or empty'),
        ('{"question": "س", "answers": [3]}', 'line 2: "answers" is not text, or empty'),
        ('{"question": "س", "answerable": "no"}', 'line 2: "answerable" is neither true nor false'),
    ],
)
def test_a_line_that_is_no_question_is_named(line: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f'{{"question": "س", "quote": "ج"}}\n{line}\n', "utf-8")
    with pytest.raises(QuestionsError, match=reason):
        read_cases(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no questions in"),
        (b"\xff\xfe\x00", "cannot read the questions"),
        (b'{"data": [{"paragraphs": [{"qas": 3}]}]}', "not in the form of SQuAD"),
    ],
)
def test_a_file_that_is_no_set_is_named(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuestionsError, match=reason):
        read_cases(path)
