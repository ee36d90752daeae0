"""What wants news is told the newest on its subject; what only speaks of news is a question as any other."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from places import DATA

from bot.phrases import phrases
from bot.showing.cards import said
from retrieval import Library
from retrieval.model import Period
from retrieval.question.news import news_wanted

TODAY = date(2026, 6, 1)
DOCUMENTS = [json.loads(line) for line in (DATA / "news" / "documents.jsonl").read_text("utf-8").splitlines()]
FORMS = ("آخر خبر عن {}", "أخبار {}", "ما آخر أخبار {}؟", "شو آخر الأخبار عن {}؟", "أعطني آخر المستجدات حول {}")


def _subjects() -> dict[str, str]:
    """Each subject with the id of its newest document."""
    newest: dict[str, str] = {}
    for document in sorted(DOCUMENTS, key=lambda one: one["published"]):
        if subject := document.get("subject"):
            newest[subject] = document["id"]
    return newest


@pytest.fixture(scope="module", params=["memory", "disk"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    index = tmp_path_factory.mktemp("news") / "index"
    library = Library.open(DATA / "news", engine=request.param, index=index, reader=False)
    yield library
    library.close()


def test_the_newest_on_a_subject_comes_first(library: Library) -> None:
    subjects = _subjects()
    assert len(subjects) == 40
    answers = {
        subject: library.ask(FORMS[place % len(FORMS)].format(subject), now=TODAY)
        for place, subject in enumerate(subjects)
    }
    right = [s for s, answer in answers.items() if answer.found and answer.quotes[0].document.id == subjects[s]]
    assert len(right) >= 38
    assert all(answer.news for answer in answers.values())
    assert not any(q.document.id.startswith("op") for answer in answers.values() for q in answer.quotes)
    for answer in answers.values():
        days = [quote.document.published for quote in answer.quotes]
        assert days == sorted(days, reverse=True)
        assert all(quote.text == quote.span.of(quote.document.text) for quote in answer.quotes)


def test_a_named_day_is_never_answered_with_another_unsaid(library: Library) -> None:
    day = date.fromisoformat(DOCUMENTS[0]["published"])
    of_then = library.ask(f"ماذا حدث في {day.day}/{day.month}/{day.year}؟", now=TODAY)
    assert of_then.in_period
    assert {quote.document.published for quote in of_then.quotes} == {day}
    other = library.ask("أخبار اليونان في 3 يناير 1990", now=TODAY)
    assert other.found
    assert other.period == news_wanted("ماذا حدث في 3 يناير 1990؟", TODAY).period  # type: ignore[union-attr]
    assert not other.in_period
    assert not library.ask("ماذا حدث في 3 يناير 1990؟", now=TODAY).news


def test_todays_news_are_the_newest_and_say_that_they_are_of_other_days(library: Library) -> None:
    answer = library.ask("ما الأخبار اليوم؟", now=TODAY)
    assert answer.news
    assert not answer.in_period
    assert answer.quotes[0].document.id == "op3"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("رأي: سد الروافد إلى أين؟", "ما عاد أحد يفهم ما يراد بسد الروافد ولا بمن حوله."),
        ("سد الروافد - افتتاحية", "كلما ذكر سد الروافد اختلف الناس عليه."),
        ("السد الذي نريد - بقلم سعاد نجم", "كلما ذكر سد الروافد اختلف الناس عليه."),
        ("حين تكثر العناوين", "تملأ أخبار سد الروافد الصحف ولا أحد يسأل عن الناس."),
    ],
)
def test_an_opinion_on_a_subject_is_no_news_of_it(tmp_path: Path, title: str, text: str) -> None:
    dam = {"title": "سد الروافد يفيض", "text": "فاض سد الروافد بعد أمطار استمرت أسبوعا.", "published": "2022-03-01"}
    rows = [{"id": "news", **dam}, {"id": "column", "title": title, "text": text, "published": "2022-05-01"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    library = Library.open(tmp_path, reader=False)
    assert [quote.document.id for quote in library.ask("آخر أخبار سد الروافد", now=TODAY).quotes] == ["news"]
    library.close()


@pytest.mark.parametrize(
    "question",
    [
        *("من نقل خبر وفاة الملك؟", "متى تأسست صحيفة أخبار اليوم؟", "ما خبر كان؟", "ماذا حدث للملك فاروق؟"),
        *("آخر ملوك الأندلس", "كم خبرا نشرت؟", "أخبار الأيام", "ما هي وكالة الأنباء؟", "ماذا حدث في معركة حطين؟"),
        *("آخر تصريح للوزير", "ما الأخبار؟", "ما الجديد؟", "آخر خبر متى نشر؟", "أخبار"),
        *("من جديد", "جديد", "شو جديد", "ماذا حدث في الأحد الدامي؟", "وماذا صار اسم هذا العيد عام 2007؟"),
    ],
)
def test_what_speaks_of_news_is_not_what_wants_them(question: str) -> None:
    assert news_wanted(question, TODAY) is None


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        *(("شو صار أمس في بيروت؟", "بيروت"), ("هل من جديد عن مباحثات النهر؟", "مباحثات النهر")),
        *(("وش جديد الهلال", "الهلال"), ("في ايه جديد عن السد", "السد"), ("شو في جديد", "")),
        *(("أخبار يوم الأحد الماضي", ""), ("أخبار اليونان الاثنين الفائت", "اليونان"), ("أخبار الأيام الأخيرة", "")),
        *(("أخبار 2015-07-05", ""), ("ماذا جرى في الخامس من يوليو 2015 في أثينا", "أثينا")),
        ("ما الجديد في قضية المياه؟", "قضية المياه"),
        *(("آخر خبر عن اليونان", "اليونان"), ("شو آخر الأخبار؟", ""), ("ماذا حدث في 5 يوليو 2015؟", "")),
    ],
)
def test_the_subject_is_what_is_left_of_the_words(question: str, subject: str) -> None:
    wanted = news_wanted(question, TODAY)
    assert wanted
    assert wanted.subject == subject


def test_what_happened_somewhere_is_the_newest_of_it_where_no_sentence_says(tmp_path: Path) -> None:
    told = [
        ("2026-11-22", "انقطاع الكهرباء في عدن", "عزت المؤسسة الانقطاع إلى نفاد الوقود من المحطات كلها."),
        ("2026-11-30", "عدن تعيد فتح المطار", "وصلت أول رحلة من عمان وعلى متنها مئات الركاب."),
        ("2026-11-28", "زلزال في الجزيرة البعيدة", "بدأت فرق الإنقاذ تبحث عن ناجين."),
    ]
    rows = [{"id": day, "title": title, "published": day, "text": f"{title}\n\n{text}"} for day, title, text in told]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    library = Library.open(tmp_path, engine="memory", reader=False)
    answer = library.ask("وش صار في عدن", now=date(2026, 12, 1))
    assert [quote.document.id for quote in answer.quotes] == ["2026-11-30", "2026-11-22"]
    assert answer.quotes[0].text == told[1][2]  # the title stands below it anyway
    assert library.ask("طب وايه أخبار عدن؟", now=date(2026, 12, 1)).news
    refused = library.ask("أخبار 5 يوليو", now=date(2026, 12, 1))
    assert not refused.found
    assert refused.period == Period(date(2026, 7, 5), date(2026, 7, 5))
    assert said(refused, phrases("ar")) == "لا أجد في مصادري ما نُشر يوم 5 يوليو 2026."
    library.close()


@pytest.mark.parametrize("text", ["أخبار أمس", "اخبار امبارح ايه؟", "امبارح شو صار؟", "أمس، ماذا حدث؟"])
def test_a_day_may_stand_before_what_asks_and_what_asks_last(text: str) -> None:
    wanted = news_wanted(text, TODAY)
    assert wanted
    assert (wanted.subject, wanted.period) == ("", Period(date(2026, 5, 31), date(2026, 5, 31), is_relative=True))


@pytest.mark.parametrize(
    ("text", "subject", "first"),
    [
        ("أخبار الأسبوع", "", date(2026, 5, 25)),
        ("أهم أخبار السنة", "", date(2026, 1, 1)),
        ("أخبار أسبوع الكتاب", "أسبوع الكتاب", None),  # which has a name
        ("أخبار الجراد شنو؟", "الجراد", None),
        ("موجز الأخبار", "", None),
    ],
)
def test_a_stretch_alone_is_of_days_and_no_subject(text: str, subject: str, first: date | None) -> None:
    wanted = news_wanted(text, TODAY)
    assert wanted
    assert (wanted.subject, wanted.period and wanted.period.first) == (subject, first)
