"""Questions that are made of a corpus are ones that it answers, and nothing is made where nothing can be."""

from pathlib import Path

from retrieval import Library, example_questions

TEXTS = {
    "bridge": "أخبار الجسر\n\nافتتح العمدة الجسر القديم يوم الأحد بعد ترميم طويل. وحضر الناس من كل مكان.",
    "town": "بلدة الرمانة\n\nبلغ عدد سكان بلدة الرمانة 4000 نسمة. وتقع بلدة الرمانة شمال وادي الزيتون.",
    "ministry": "قرار الوزارة\n\nأعلنت وزارة الزراعة أن موسم القطاف بدأ باكرا هذه السنة.",
}


def test_examples_are_made_of_sentences_that_answer_them(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    library = Library.open(tmp_path, reader=False, min_confidence=0.05)
    made = example_questions(library)
    assert set(made) >= {"متى افتتح العمدة الجسر القديم؟"}
    assert len(made) == 3
    assert all(library.ask(question).found for question in made)
    assert example_questions(library, is_ended=lambda: True) == ()
    library.close()


def test_where_nothing_can_be_asked_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("خواطر\n\nالصباح جميل، والهواء عليل.", "utf-8")
    library = Library.open(tmp_path, reader=False)
    assert example_questions(library) == ()
    library.close()
