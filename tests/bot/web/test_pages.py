"""The pages: what is asked is answered, read and checked, and every quote stands there word for word."""

import json
import re
from collections.abc import Iterator

import pytest
from places import DATA
from web_face import Face, face_of

from bot.phrases import phrases
from bot.settings import Voice
from bot.showing.promise import PromiseError
from bot.sources.addresses import document_page, page_of
from bot.web.pages.leaves import LEAF
from bot.web.pages.promise import check_mark, check_quotes
from retrieval import Library, Quote, Span

SAYS = phrases("ar")
SENTENCE = "كلف ترميم الجسر الحجري القديم مليوني دينار في سنة 1998."
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}\u202e'
NO_ADDRESSES = (
    "javascript://example.org/%0aalert(1)",
    "JaVaScRiPt:alert(1)",
    "data://example.org/text/html,<script>alert(1)</script>",
    "file://example.org/etc/passwd",
    "vbscript://example.org/",
    "//example.org/a",
    "https://",
    "http://[::1",
    "https://example.org/a b",
    " javascript:alert(1)",
)
LINES = [f"السطر رقم {number} من الكتاب الطويل، وفيه كلام عن النخيل." for number in range(20_000)]
FILES = {
    "bridge.txt": f"أخبار الجسر\n\nافتتح العمدة السوق.\n\n{SENTENCE} وحضر الحفل أهل البلدة.\n",
    "year.txt": f"حصاد العام\n\nقال العمدة إن السنة طيبة. {SENTENCE}\n",
    "long.txt": "كتاب النخيل\n\n" + "\n".join(LINES) + "\n",
}
ODD = [
    {"id": "../../etc/passwd", "title": HOSTILE, "text": f"افتتح {HOSTILE} المتحف الوطني للنسيج سنة 1931."},
    {"id": 'a&b=c#d?e"<f>/%2e%2e//.', "title": "هوية غريبة", "text": "زرعت البلدية ألف شجرة زيتون سنة 2004."},
    {
        "id": "dam",
        "title": "خبر السد",
        "published": "2017-02-15",
        "text": "اكتمل السد الكبير في الوادي سنة ١٩٦٤ بعد أعوام.\n\n" + "وتحدث المهندس عن السد الكبير طويلا. " * 20,
    },
    *(
        {"id": f"led{at}", "title": f"عنوان {at}", "url": url, "text": f"باعت الشركة رقم {at} سفينة شراعية زرقاء."}
        for at, url in enumerate(NO_ADDRESSES)
    ),
]
DATED = """---
title: خبر مؤرخ
date: 2017-02-15
url: https://www.example.org/news/1
author: سلمى
---

# خبر مؤرخ

وصل القطار الأول إلى المحطة ظهرا.

### الشروط

- شرط أول طويل.
- شرط ثان أطول منه.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    corpus = tmp_path_factory.mktemp("web") / "corpus"
    corpus.mkdir()
    for name, text in FILES.items():
        (corpus / name).write_text(text, "utf-8")
    (corpus / "odd.jsonl").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in ODD), "utf-8")
    (corpus / "dated.md").write_text(DATED, "utf-8")
    (corpus / "broken.docx").write_bytes(b"no archive")
    (corpus / "railway.pdf").write_bytes((DATA / "formats/pdf/railway.pdf").read_bytes())
    opened = Library.open(corpus, engine="memory", reader=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def face(library: Library) -> Iterator[Face]:
    with face_of(library, examples=("كم كلف ترميم الجسر؟",), contact="@library") as served:
        yield served


def quote_of(library: Library, document: str, words: str) -> Quote:
    own = library.documents.stored(document)
    start = own.text.index(words)
    return library.placed(own, Span(start, start + len(words)))


def test_the_first_page_asks_and_a_question_is_answered_by_a_quote_with_its_context(face: Face) -> None:
    first = face.get("/")
    assert (first.status, first.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "كم كلف ترميم الجسر؟" in first.seen.parts["button"]
    assert "@library" in first.seen.text
    answer = face.post("/", question="كم كلف ترميم الجسر الحجري؟").seen
    assert answer.parts["h1"] == ["كم كلف ترميم الجسر الحجري؟"]
    assert answer.parts["blockquote"][0] == SENTENCE
    assert SENTENCE in answer.parts["blockquote"][1]
    assert {"أخبار الجسر", "حصاد العام"} <= set(answer.text.splitlines()) or "حصاد العام" in answer.text


def test_an_answer_leads_to_its_document_where_the_quote_is_marked(face: Face) -> None:
    answer = face.post("/", question="كم كلف ترميم الجسر الحجري؟").seen
    link = next(link for link in answer.links if link.startswith("/read"))
    assert link.endswith("#quote")
    page = face.get(link.partition("#")[0])
    assert page.seen.parts["mark"] == [SENTENCE]
    assert [values["id"] for tag, values in page.seen.tags if tag == "mark"] == ["quote"]


def test_a_question_may_lean_on_the_one_before_and_small_talk_is_answered(face: Face) -> None:
    before = face.post("/", question="كم كلف ترميم الجسر الحجري؟")
    (hidden,) = [v for tag, v in before.seen.tags if tag == "input" and v.get("name") == "previous"]
    after = face.post("/", question="ومتى؟", previous=str(hidden["value"]))
    assert "1998" in after.seen.parts["blockquote"][0]
    assert SAYS.talk["thanks"] in face.post("/", question="شكرا").seen.text
    assert SAYS.foreign["en"] in face.post("/", question="who built the tower of Pisa?").seen.text
    assert len(face.post("/", question="كم كلف ترميم الجسر؟ متى وصل القطار؟").seen.parts["h1"]) == 2


def test_a_refusal_names_titles_and_shows_no_quote(face: Face) -> None:
    refused = face.post("/", question="ما هي عاصمة فرنسا وكم مساحتها؟").seen
    assert SAYS.refusal in refused.text
    assert refused.parts["blockquote"] == []


def test_a_question_stands_in_an_address_only_where_it_is_shared(face: Face) -> None:
    question = "كم كلف ترميم الجسر الحجري؟"
    seen = face.post("/", question=question).seen
    (shared,) = [link for link in seen.links if "question=" in link]
    assert face.get(shared).seen.parts["blockquote"][0] == SENTENCE
    forms = [values for tag, values in seen.tags if tag == "form"]
    assert {form["method"] for form in forms} == {"post"}
    assert '<meta name="robots" content="noindex">' in face.get(shared).html


def test_a_page_has_digits_of_one_script_its_quotes_own(face: Face, library: Library) -> None:
    quoted = "اكتمل السد الكبير في الوادي سنة ١٩٦٤ بعد أعوام."
    asked = face.post("/", question="متى اكتمل السد الكبير في الوادي؟")
    assert asked.seen.parts["blockquote"][0] == quoted
    read = face.get(page_of(quote_of(library, "dam", quoted)).partition("#")[0])
    checked = face.post("/verify", text=quoted)
    for got in (asked, read, checked):
        assert "١٥ فبراير ٢٠١٧" in got.seen.text
        assert "فقرة ١" in got.seen.text
        assert got is asked or not re.search("[0-9]", got.seen.text)  # others' further quotes are as they are
    other = face.post("/", question="كم كلف ترميم الجسر الحجري؟").seen.text
    assert re.search("فقرة [0-9]", other)
    assert not re.search(r"(فقرة |\()[٠-٩]", other)


@pytest.mark.parametrize("at", range(len(NO_ADDRESSES)))
def test_a_page_leads_to_addresses_on_the_web_only(face: Face, library: Library, at: int) -> None:
    quoted = f"باعت الشركة رقم {at} سفينة شراعية زرقاء."
    page = page_of(quote_of(library, f"led{at}", quoted))
    shown = [
        face.get(page.partition("#")[0]),
        face.get("/read", document=f"led{at}"),
        face.post("/", question=f"ماذا باعت الشركة رقم {at}؟"),
        face.get("/sources", title=f"عنوان {at}"),
        face.post("/verify", text=quoted),
    ]
    for got in shown:
        assert got.status == 200
        led = {link for link in got.seen.links if link[:1] not in ("/", "#") or link.startswith("//")}
        assert led == set(), led
        assert "example.org" not in got.seen.text


def test_a_document_shows_its_day_author_site_place_and_other_sources(face: Face, library: Library) -> None:
    dated = face.get("/read", document="dated.md")
    assert {"15 فبراير 2017", "سلمى", "example.org"} <= set(dated.seen.text.replace("\u00a0·\u00a0", "\n").splitlines())
    assert "https://www.example.org/news/1" in dated.seen.links
    page = face.get(page_of(quote_of(library, "bridge.txt", SENTENCE)).partition("#")[0])
    assert "فقرة 2" in page.seen.text
    assert document_page("year.txt") in page.seen.links


def test_lists_are_lists_and_the_title_is_said_once(face: Face) -> None:
    page = face.get("/read", document="bridge.txt").seen
    assert page.parts["h1"] == ["أخبار الجسر"]
    assert page.text.count("أخبار الجسر") == 3  # in the window's title, too, and in the line that stays in view
    assert [values.get("aria-hidden") for _, values in page.tags if values.get("class") == "running"] == ["true"]
    page = face.get("/read", document="dated.md").seen
    assert page.parts["li"][-2:] == ["شرط أول طويل.", "شرط ثان أطول منه."]
    assert [tag for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")] == ["h1", "h2"]  # none is passed over


def test_a_quote_over_several_lines_is_marked_in_each(face: Face, library: Library) -> None:
    text = library.documents.stored("bridge.txt").text
    start, end = text.index("افتتح"), text.index(" وحضر")
    page = face.get("/read", document="bridge.txt", start=start, end=end)
    assert page.seen.parts["mark"] == ["افتتح العمدة السوق.", SENTENCE]


def test_one_in_the_title_is_marked_too(face: Face) -> None:
    assert face.get("/read", document="bridge.txt", start=0, end=5).seen.parts["mark"] == ["أخبار"]


def test_a_long_document_is_read_leaf_by_leaf_and_nothing_of_it_is_lost(face: Face, library: Library) -> None:
    document = library.documents.stored("long.txt")
    assert len(document.text) > 1_000_000
    first = face.get("/read", document="long.txt")
    assert len(first.body) < 20 * LEAF
    lines, leaf = [], 1
    while True:
        page = face.get("/read", document="long.txt", leaf=leaf).seen
        lines += [part for part in page.parts["p"] if part.startswith("السطر")]
        if document_page("long.txt", leaf + 1) not in page.links:
            break
        leaf += 1
    assert lines == LINES
    quote = quote_of(library, "long.txt", LINES[15_000])
    assert face.get(page_of(quote).partition("#")[0]).seen.parts["mark"] == [LINES[15_000]]


def test_of_another_version_nothing_is_marked_and_that_is_said(face: Face, library: Library) -> None:
    page = page_of(quote_of(library, "bridge.txt", SENTENCE)).partition("#")[0]
    other = face.get(page.partition("&version=")[0] + "&version=" + "0" * 16).seen
    assert other.parts["mark"] == []
    assert SAYS.web["changed_since"] in other.text


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"start": "5", "end": "99999999"}, 400),
        ({"start": "5", "end": "900"}, 200),
        ({"start": "9", "end": "5"}, 400),
        ({"start": "-1", "end": "5"}, 400),
        ({"start": "٣", "end": "5"}, 400),
        ({"start": "1"}, 400),
        ({"start": "1", "end": "5", "version": "../.."}, 400),
        ({"leaf": "999999"}, 200),
        ({"leaf": "x"}, 400),
    ],
)
def test_a_stretch_that_is_none_is_told_so(face: Face, values: dict[str, str], status: int) -> None:
    page = face.get("/read", document="bridge.txt", **values)
    assert page.status == status
    assert page.seen.parts["mark"] == []


def test_ids_that_look_like_paths_are_ids_and_no_path_is_read(face: Face) -> None:
    for one in ODD:
        page = face.get("/read", document=one["id"])
        assert page.status == 200
        assert str(one["text"]).split()[0] in page.seen.text
        assert face.document(str(one["id"])).json["text"].endswith(str(one["text"])[-20:])
    for path in ("../corpus/bridge.txt", "/etc/passwd", "./bridge.txt", "bridge.txt/", "bridge.txt\0", "nothing"):
        assert face.get("/read", document=path).status == 404
        assert face.document(path).status == 404
    assert face.get("/read").status == 404
    assert face.get("/static/../app.py").status == 404
    assert face.get("/static/%2e%2e%2fapp.py").status == 404


def test_markup_in_titles_and_texts_is_text(face: Face) -> None:
    for page in (
        face.get("/read", document="../../etc/passwd"),
        face.get("/sources"),
        face.post("/", question=f"متى افتتح {HOSTILE} المتحف الوطني للنسيج؟"),
        face.post("/verify", text=f"افتتح {HOSTILE} المتحف الوطني"),
        face.get("/sources", title=HOSTILE),
    ):
        assert page.status == 200
        assert not {"script", "img"} & {tag for tag, _ in page.seen.tags}
        assert not [name for _, values in page.seen.tags for name in values if name.startswith("on") or name == "style"]
        assert "49" not in page.seen.text
    assert "<script>alert(1)</script>" in face.get("/read", document="../../etc/passwd").seen.text


def test_the_list_has_all_pages_a_search_and_what_could_not_be_read(face: Face) -> None:
    listed = face.get("/sources").seen
    assert document_page("bridge.txt") in listed.links
    assert "broken.docx" in listed.text
    found = face.get("/sources", title="اخبار").seen
    assert document_page("bridge.txt") in found.links
    assert document_page("year.txt") not in found.links
    assert "«قططقطط»" in face.get("/sources", title="قططقطط").seen.text
    assert face.get("/sources", page=999).status == 200


def test_a_quotation_is_checked_and_what_was_changed_is_named(face: Face) -> None:
    assert SAYS.verdicts["exact"] in face.post("/verify", text=SENTENCE).seen.text
    altered = face.post("/verify", text=SENTENCE.replace("مليوني", "ثلاثة ملايين")).seen
    assert SAYS.verdicts["altered"] in altered.text
    assert altered.parts["blockquote"] == [SENTENCE.rstrip(".")]
    assert SAYS.verdicts["absent"] in face.post("/verify", text="قال الشاعر في مدح الخيل كلاما لا يعرفه أحد").seen.text
    assert SAYS.web["too_short"] in face.post("/verify", text="كلمتان فقط").seen.text
    assert face.get("/verify").status == 200


def test_a_page_of_a_pdf_stands_beside_its_text(face: Face, library: Library) -> None:
    document = library.documents.stored("railway.pdf")
    line = next(line for line in document.text.splitlines() if len(line) > 40)
    page = face.get(page_of(quote_of(library, "railway.pdf", line)).partition("#")[0])
    (source,) = [values["src"] for tag, values in page.seen.tags if tag == "img"]
    picture = face.get(str(source))
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.body.startswith(b"\x89PNG")
    assert face.get("/page.png", document="bridge.txt", start=0, end=5).status == 404
    assert face.get("/page.png", document="railway.pdf").status == 404


def test_all_pages_are_in_english_too_and_lead_to_each_other(face: Face) -> None:
    for path in ("/", "/sources", "/verify", "/read?document=bridge.txt"):
        arabic, english = face.get(path).html, face.get("/en" + path).html
        assert '<html lang="ar" dir="rtl">' in arabic
        assert '<html lang="en" dir="ltr">' in english
        assert f'href="/en{path}"' in arabic
        assert f'href="{path}"' in english
    assert face.get("/en").status == 200
    assert phrases("en").web["not_found"] in face.get("/en/nowhere").seen.text


def test_the_operators_words_stand_there_and_a_log_of_questions_is_said(library: Library) -> None:
    with face_of(library, welcome="أهلا بكم في دار الكتب.") as face:
        assert "أهلا بكم في دار الكتب." in face.get("/").seen.text
        assert SAYS.web["kept"] in face.get("/").seen.text
    with face_of(library, log_text=True) as face:
        assert SAYS.web["logged"] in face.get("/").seen.text
        assert SAYS.web["kept"] not in face.get("/").seen.text


def test_the_operators_name_stands_over_each_page_and_a_closing_line_below_each_answer(library: Library) -> None:
    with face_of(library, name="دار الكتب", closing="نفتح كل يوم.") as face:
        for path in ("/", "/en/sources", "/verify"):
            page = face.get(path)
            assert page.seen.text.count("دار الكتب") == 2  # over the page, and in its title
            assert page.seen.parts["title"][0].endswith("· دار الكتب")
        assert "دار الكتب" in face.post("/", question="من أنت؟").seen.text
        two = face.post("/", question="كم كلف ترميم الجسر الحجري؟ كم جناحا للفراشة الاستوائية؟")
        assert two.seen.text.count("نفتح كل يوم.") == 1
        assert "نفتح كل يوم." not in face.get("/").seen.text
    with face_of(library, name="<b>دار", closing="<i>سطر") as face:
        assert "<i>سطر" in face.post("/", question="كم كلف ترميم الجسر الحجري؟").seen.text
        assert "i" not in {tag for tag, _ in face.get("/").seen.tags}


def test_a_page_that_would_show_other_words_is_not_sent(library: Library) -> None:
    quote = quote_of(library, "bridge.txt", SENTENCE)
    check_quotes(f"<blockquote>{SENTENCE}</blockquote>", [quote])
    check_mark(f"<mark>{SENTENCE}</mark>", quote)
    with pytest.raises(PromiseError):
        check_quotes(f"<blockquote>{SENTENCE} </blockquote>", [quote])
    with pytest.raises(PromiseError):
        check_quotes(f"<blockquote>{SENTENCE}</blockquote><blockquote>ومن عندي</blockquote>", [quote])
    with pytest.raises(PromiseError):
        check_mark(f"<mark>{SENTENCE[:-2]}</mark>", quote)
    with pytest.raises(PromiseError):
        check_mark("<mark>كلمة</mark>", None)


def test_the_voice_may_have_markup_that_is_text(library: Library) -> None:
    voice = Voice(welcome="<b>أهلا</b>", examples=('"><script>',), contact="<i>")
    with face_of(library, welcome=voice.welcome, examples=voice.examples, contact=voice.contact) as face:
        seen = face.get("/").seen
        assert "<b>أهلا</b>" in seen.text
        assert not {"script", "i", "b"} & {tag for tag, _ in seen.tags}
