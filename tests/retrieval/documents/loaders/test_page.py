"""Pages: nothing of an article is lost, questions that fold out are marked, rows stay whole, titles are as seen."""

from collections.abc import Iterator
from datetime import date

import pytest

from retrieval.documents.loaders.page import load
from retrieval.documents.structure import structured
from retrieval.model import Document

LEAD = "تقدم الدائرة خدماتها للمواطنين في جميع المحافظات من الأحد إلى الخميس في أوقات الدوام الرسمي المعتاد."


ITEMS = (
    "يمنع استخدام مركبات البلدية بعد الساعة الرابعة مساء إلا بكتاب خطي من رئيس البلدية نفسه.",
    "ترفع البلديات تقريرا شهريا إلى مديرية النقل في الوزارة قبل اليوم الخامس من كل شهر.",
)


def read(body: str, head: str = "<title>دليل الخدمات</title>") -> Document:
    page = f'<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    (found,) = load(page.encode(), "a.html")
    assert isinstance(found, Document)
    return structured(found)


def asked(document: Document) -> list[tuple[str, str | None]]:
    text = document.text
    return [(part.span.of(text), part.under and part.under.of(text)) for part in document.questions]


QUESTIONS = [("تجديد الرخصة", "في خمسة أيام."), ("كم رسم الجواز؟", "خمسون دينارا.")]


def each(inner: str) -> str:
    return "<h2>أسئلة متكررة</h2>" + "".join(inner.format(question, answer) for question, answer in QUESTIONS)


@pytest.mark.parametrize(
    "body",
    [
        each("<details><summary>{}</summary>{}</details>"),
        each("<details><summary><h3>{}</h3></summary><p>{}</p></details>"),
        each(
            '<div><h3><button aria-expanded="false" aria-controls="p">{}</button></h3><div hidden><p>{}</p></div></div>'
        ),
        each('<div class="card"><a data-toggle="collapse" href="#c">{}</a><div class="collapse">{}</div></div>'),
        each('<div><div role="button" aria-expanded="false">{}</div><div><p>{}</p></div></div>'),
        each(
            '<div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><div itemprop="name">{}</div>'
            '<div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer"><p>{}</p></div></div>'
        ),
    ],
)
def test_questions_that_fold_out_stand_over_their_answers(body: str) -> None:
    assert asked(read(body)) == QUESTIONS
    assert asked(read(f"<main><h1>دليل</h1><p>{LEAD}</p>{body}</main>")) == QUESTIONS


@pytest.mark.parametrize(
    "button",
    [
        '<button aria-expanded="false">القائمة</button>',
        '<nav><button aria-expanded="false">من نحن الآن</button></nav>',
        '<div class="navbar"><a data-toggle="dropdown" aria-expanded="false">خدمات إلكترونية</a></div>',
        "<button>اشترك الآن</button>",
    ],
)
def test_buttons_of_the_page_are_no_questions(button: str) -> None:
    assert asked(read(f"{button}<main><h1>دليل</h1><p>{LEAD}</p><p>{LEAD}</p></main>")) == []


def cards() -> Iterator[str]:
    for number in range(1, 9):
        yield f"<div><span>{number} آذار</span><div>افتتح الوزير المدرسة رقم {number}.</div></div>"


def test_nothing_of_a_list_of_equal_parts_is_lost() -> None:
    text = read(f'<div class="list"><h1>أخبار المدارس</h1>{"".join(cards())}</div>').text
    assert all(f"افتتح الوزير المدرسة رقم {number}." in text for number in range(1, 9))


def test_what_an_extraction_leaves_out_of_an_article_comes_back() -> None:
    rows = "".join(
        f"<div><label>بند رقم {n}:</label> <button>{n}</button><div>يدفع الطالب {n} دنانير.</div></div>"
        for n in range(9)
    )
    found = read(
        f"<main><h1>دليل</h1><p>{LEAD}</p><section>{rows}</section><p>{LEAD.replace('الدائرة', 'الجامعة')}</p></main>"
    )
    assert all(f"يدفع الطالب {n} دنانير." in found.text for n in range(9))


def test_a_row_keeps_its_cells_of_several_paragraphs() -> None:
    rows = "<tr><th>الكلية</th><th>الهاتف</th></tr><tr><td><p>الطب</p></td><td><p>5551</p><p>5552</p></td></tr>"
    rows += "<tr><td>الآداب</td><td><ul><li>5553</li><li>5554</li></ul></td></tr>"
    found = read(f"<article><h1>دليل</h1><p>{LEAD}</p><table>{rows}</table></article>")
    assert "الكلية\tالهاتف\nالطب\t5551 5552\nالآداب\t5553 5554" in found.text


def test_a_table_that_only_lays_out_a_page_parts_its_paragraphs() -> None:
    found = read(f"<table><tr><td><h1>إعلان</h1><p>{LEAD}</p><p>{LEAD}</p></td><td>قائمة</td></tr></table>")
    assert f"{LEAD}\n\n{LEAD}" in found.text


def test_an_article_goes_on_below_the_list_that_holds_its_longest_lines() -> None:
    items = "".join(f"<li><p>{item}</p></li>" for item in ITEMS)
    lines = ("الموضوع: ضبط المحروقات", "يعمل بما يلي من أول نيسان:", f"<ol>{items}</ol>", "ويستثنى من ذلك:")
    text = read("".join(line if "<" in line else f"<p>{line}</p>" for line in (*lines, "كابسات النفايات."))).text
    assert text.endswith("ويستثنى من ذلك:\n\nكابسات النفايات.")


def test_a_list_in_a_table_within_a_table_is_read() -> None:
    inner = f"<table><tr><td><p>{LEAD}</p><ul><li>أول</li></ul></td></tr></table>"
    text = read(f"<table><tr><td>{inner}</td></tr></table>").text
    assert text.split()[-1] == "أول"


def test_questions_that_a_page_states_in_json_are_read() -> None:
    said = '{"@context":"https://schema.org","@graph":[{"@type":"FAQPage","mainEntity":[{"@type":"Question",'
    said += '"name":"كم رسم الجواز",'
    said += '"acceptedAnswer":{"@type":"Answer","text":"<p>خمسون دينارا.<br>ومئة للمستعجل.</p>"}}]}]}'
    head = f'<title>دليل</title><script type="application/ld+json">{said}</script>'
    found = read(f"<p>{LEAD}</p>", head)
    assert asked(found) == [("كم رسم الجواز", "خمسون دينارا.\nومئة للمستعجل.")]
    inside = read(f"<article><h1>دليل</h1><p>{LEAD}</p><p>كم رسم الجواز</p><p>خمسون دينارا.</p></article>", head)
    assert asked(inside) == [("كم رسم الجواز", "خمسون دينارا.")]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("رسوم &quot;المعهد&quot; &amp; الجامعة", 'رسوم "المعهد" & الجامعة'),
        ("وسم &amp;lt;p&amp;gt; في الصفحات", "وسم &lt;p&gt; في الصفحات"),
    ],
)
def test_entities_in_a_title_are_decoded_once(written: str, seen: str) -> None:
    found = read(f"<article><h1>{written}</h1><p>{LEAD}</p><p>{LEAD}</p></article>", f"<title>{written}</title>")
    assert (found.title, found.text[: found.heading]) == (seen, seen)


def test_wikipedia_s_links_to_edit_are_no_text() -> None:
    edit = '<span class="mw-editsection"><span>[</span><a href="/e">عدل</a><span>]</span></span>'
    found = read(f"<article><h1>دليل</h1><p>{LEAD}</p><h2>التاريخ{edit}</h2><p>{LEAD}</p></article>")
    assert "عدل" not in found.text


MIXED = [("متى يفتح القسم؟", "في الثامنة."), ("طريقة الدفع", "ببطاقة أو نقدا في الطابق الثاني.")]
MIXED += [("كم رسم المخالفة؟", "عشرة دنانير."), ("فقدان الرخصة", "يقدم صاحبها بلاغا ثم يأخذ بدلا.")]


@pytest.mark.parametrize(
    "inner",
    [
        '<button class="accordion">{}</button><div class="panel"><p>{}</p></div>',
        '<div class="tab"><input type="checkbox" id="a"><label for="a">{}</label><div class="content">{}</div></div>',
        '<div class="su-spoiler"><div class="su-spoiler-title" role="button">{}</div>'
        '<div class="su-spoiler-content">{}</div></div>',
        '<div class="faq-item"><div class="row"><p class="q">{}</p></div><div class="body"><p>{}</p></div></div>',
        '<div class="section"><strong class="faq-question">{}</strong><p class="faq-answer">{}</p></div>',
    ],
)
def test_what_stands_among_questions_in_their_place_is_one_without_a_mark(inner: str) -> None:
    body = "".join(inner.format(question, answer) for question, answer in MIXED)
    assert asked(read(f"<h1>الترخيص</h1><p>{LEAD}</p>{body}")) == MIXED


def test_terms_of_which_some_are_questions_all_are() -> None:
    terms = "".join(f"<dt>{question}</dt><dd>{answer}</dd>" for question, answer in MIXED)
    assert asked(read(f"<h1>الترخيص</h1><dl>{terms}</dl>")) == MIXED


def test_lines_of_one_class_that_are_no_questions_stay() -> None:
    lines = "".join(f'<p class="line">{line}</p>' for line in (LEAD, "متى يكون ذلك؟", LEAD.replace("تقدم", "تبيع")))
    assert [question for question, _ in asked(read(f"<h1>الترخيص</h1>{lines}"))] == ["متى يكون ذلك؟"]


def test_a_title_is_that_of_the_article_where_the_window_has_the_site_first() -> None:
    body = f'<span id="t">ترميم السوق القديم</span><div>{LEAD}<br><br>{LEAD.replace("تقدم", "تبيع")}</div>'
    assert read(body, "<title>وكالة الأنباء - ترميم السوق القديم</title>").title == "ترميم السوق القديم"


@pytest.mark.parametrize(
    "line",
    [
        '<span class="post-date">الأربعاء 15 أيار 2024</span>',
        '<p class="meta">نشر في: ١٥/٥/٢٠٢٤</p>',
        "<div>تاريخ النشر: 15 مايو 2024 الساعة 10:30</div>",
    ],
)
def test_a_day_is_that_which_a_page_shows_where_it_states_none(line: str) -> None:
    assert read(f"<article><h1>سوق</h1>{line}<p>{LEAD}</p></article>").published == date(2024, 5, 15)


@pytest.mark.parametrize(
    ("created", "changed", "day"),
    [
        ("2013-12-23T23:15:00", "2013-12-23T23:15:00", None),
        ("2026-12-01T16:06:44", "2026-12-01T16:06:45", None),
        ("2024-05-02T09:00:00.5", "2024-05-03T11:30:00", date(2024, 5, 2)),
        ("00:00:00", "00:00:00", None),
    ],
)
def test_the_day_of_a_page_of_an_office_program_is_that_of_a_person(
    created: str, changed: str, day: date | None
) -> None:
    head = f'<meta name="created" content="{created}"/><meta name="changed" content="{changed}"/>'
    assert read(f"<p>{LEAD}</p>", head).published == day


def test_a_day_of_which_an_article_tells_is_none_of_publication() -> None:
    assert read(f"<article><h1>سوق</h1><p>{LEAD} وقعت في 12 مايو 1920.</p></article>").published is None


def test_an_empty_cell_of_an_article_s_table_keeps_its_place() -> None:
    rows = "<tr><th>المدينة</th><th>العظمى</th><th>الصغرى</th></tr><tr><td>عمان</td><td></td><td>12</td></tr>"
    rows += "<tr><td>إربد</td><td>30</td><td>14</td></tr>"
    found = read(f"<article><h1>طقس</h1><p>{LEAD}</p><table>{rows}</table></article>")
    assert "عمان\t—\t12\nإربد\t30\t14" in found.text


def test_of_a_page_without_margins_headings_in_boxes_and_tables_beside_them_are_kept() -> None:
    rows = "".join(f"<tr><td>{line}</td><td>{hour}:15</td></tr>" for line, hour in (("الجامعة", 6), ("الميناء", 7)))
    table = f"<table><tr><th>الخط</th><th>أول رحلة</th></tr>{rows}</table>"
    news = "".join(f"<h2>{head}</h2><p>{LEAD} {head}.</p>" for head in ("سوق الجمعة", "حملة التطعيم"))
    found = read(f"<h1>نشرة الحي</h1><div>{news}</div><h2>أوقات الحافلات</h2>{table}")
    roles = [(part.role, part.span.of(found.text)) for part in found.parts]
    assert {("heading", "حملة التطعيم"), ("columns", "الخط\tأول رحلة")} <= set(roles)
