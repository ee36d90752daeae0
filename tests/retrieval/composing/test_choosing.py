"""Which sentences are quoted: each adds something, other sources are named, and what differs comes newest first."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.phrases import phrases
from bot.showing.cards import cards
from bot.terminal.cli import main
from retrieval import Answer, Library

QUESTION = "كم كلف ترميم الجسر؟"
SENTENCE = "كلف ترميم الجسر مليوني دينار."
REPRINT = "وقال العمدة إن ترميم الجسر كلف 2 مليون دينار."
OTHER = "كلف ترميم الجسر ثلاثة ملايين دينار."
FILLER = "افتتح العمدة السوق صباح الأحد. وحضر الحفل أهل البلدة والقرى المجاورة.\n"
OLD, MIDDLE, NEW = date(2019, 3, 1), date(2020, 3, 1), date(2021, 3, 1)


def stored(folder: Path, name: str, sentence: str, published: date | None = None) -> None:
    (folder / f"{name}.txt").write_text(f"خبر {name}\n\n{sentence} {FILLER}", "utf-8")
    if published:
        (folder / f"{name}.txt.toml").write_text(f"published = {published}\n", "utf-8")


def asked(folder: Path, k: int = 3) -> Answer:
    """By words alone: what is chosen of a ranking is the same, whoever ranks."""
    return Library.open(folder, min_confidence=0.0, reader=False).ask(QUESTION, k=k)


def about_the_bridge(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes if "الجسر" in quote.text]


def test_a_reprint_is_no_second_quote_but_another_source(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE)
    stored(tmp_path, "b", REPRINT)
    answer = asked(tmp_path)
    (shown,) = [quote for quote in answer.quotes if "الجسر" in quote.text]
    assert {shown.document.id, *(source.document_id for source in shown.also)} == {"a.txt", "b.txt"}
    assert shown.score == max(quote.score for quote in answer.quotes)


def test_another_number_is_another_quote_that_names_no_source_beside(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE)
    stored(tmp_path, "b", OTHER)
    answer = asked(tmp_path)
    assert sorted(about_the_bridge(answer)) == sorted([SENTENCE, OTHER])
    assert all(quote.also == () for quote in answer.quotes if "الجسر" in quote.text)


def test_a_sentence_whose_words_are_all_in_the_first_adds_nothing(tmp_path: Path) -> None:
    whole = "كلف ترميم الجسر مليوني دينار، ودفعت البلدية نصف المال."
    part, more = "كلف ترميم الجسر المال.", "كلف ترميم الجسر المال والوقت."
    (tmp_path / "a.txt").write_text(f"خبر\n\n{whole} {part} {more}\n", "utf-8")
    shown = about_the_bridge(Library.open(tmp_path, min_confidence=0.0, reader=False).ask("كم دينارا كلف ترميم الجسر؟"))
    assert shown[0] == whole
    assert part not in shown
    assert more in shown


def test_a_source_that_vanished_is_named_no_more(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE)
    stored(tmp_path, "b", REPRINT)
    library = Library.open(tmp_path, min_confidence=0.0, reader=False)
    (also,) = library.ask(QUESTION).quotes[0].also
    (tmp_path / also.document_id).unlink()
    assert library.ask(QUESTION).quotes[0].also == ()


@pytest.mark.parametrize(("first", "second"), [(OLD, NEW), (NEW, OLD)])
def test_two_dated_sources_that_disagree_are_shown_newest_first(tmp_path: Path, first: date, second: date) -> None:
    stored(tmp_path, "a", SENTENCE, first)
    stored(tmp_path, "b", OTHER, second)
    answer = asked(tmp_path)
    assert answer.differ
    assert [quote.document.published for quote in answer.quotes[:2]] == [NEW, OLD]


def test_three_sources_that_all_disagree_stand_by_their_days(tmp_path: Path) -> None:
    for name, cost, published in [("a", "مليوني", MIDDLE), ("b", "ثلاثة ملايين", OLD), ("c", "أربعة ملايين", NEW)]:
        stored(tmp_path, name, SENTENCE.replace("مليوني", cost), published)
    answer = asked(tmp_path)
    assert answer.differ
    assert [quote.document.published for quote in answer.quotes] == [NEW, MIDDLE, OLD]


def test_of_one_day_the_better_one_comes_first(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE, NEW)
    stored(tmp_path, "b", f"وفي التقرير الأخير للمجلس {OTHER}", NEW)
    answer = asked(tmp_path)
    assert answer.differ
    assert answer.quotes[0].score >= answer.quotes[1].score


@pytest.mark.parametrize("published", [(None, None), (OLD, None), (None, NEW)])
def test_nothing_is_said_to_differ_where_a_day_is_unknown(tmp_path: Path, published: tuple[date | None, ...]) -> None:
    stored(tmp_path, "a", SENTENCE, published[0])
    stored(tmp_path, "b", OTHER, published[1])
    assert not asked(tmp_path).differ


def test_reprints_of_different_days_do_not_differ(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE, OLD)
    stored(tmp_path, "b", REPRINT, NEW)
    assert not asked(tmp_path).differ


def test_one_quote_alone_differs_from_none(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE, OLD)
    stored(tmp_path, "b", OTHER, NEW)
    answer = asked(tmp_path, k=1)
    assert (len(answer.quotes), answer.differ) == (1, False)


def test_what_differs_is_said_in_json_in_a_card_and_in_a_terminal(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE, OLD)
    stored(tmp_path, "b", OTHER, NEW)
    found = json.loads(CliRunner().invoke(main, ["ask", "--corpus", str(tmp_path), "--json", QUESTION]).stdout)
    assert found["differ"] is True
    assert [quote["published"] for quote in found["quotes"][:2]] == ["2021-03-01", "2019-03-01"]
    plain = cards(asked(tmp_path), phrases("ar"))[0].plain
    assert plain.startswith("تختلف المصادر، والأحدث أولا:\n\n")
    assert 0 < plain.index("1 مارس 2021") < plain.index("1 مارس 2019")
    shown = CliRunner().invoke(main, ["ask", "--corpus", str(tmp_path), QUESTION]).stdout
    assert shown.startswith("تختلف المصادر، والأحدث أولا:\n")
    assert 0 < shown.index("2021-03-01") < shown.index("2019-03-01")


def test_other_sources_are_named_in_a_terminal(tmp_path: Path) -> None:
    stored(tmp_path, "a", SENTENCE)
    stored(tmp_path, "b", SENTENCE)
    shown = CliRunner().invoke(main, ["ask", "--corpus", str(tmp_path), QUESTION]).stdout
    assert "وورد كذلك في: خبر " in shown
