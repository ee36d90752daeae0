"""The loaders: each format's text word for word, without what stands around it; hostile files are refused."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from docx import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from places import DATA

from retrieval import Document, Library
from retrieval.documents.kept.catalogue import Catalogue
from retrieval.documents.loaders import feed, packages, page, reading
from retrieval.documents.loaders.formats import FORMATS as CONVERTERS
from retrieval.documents.loaders.formats import SIGNS, Found, loader, module_of
from retrieval.documents.loaders.markup import fragment_text
from retrieval.documents.loaders.office import docx
from retrieval.documents.loaders.reading import decoded, language_of, web_address
from retrieval.errors import UnreadableError

FORMATS = DATA / "formats"
QUESTIONS = [json.loads(line) for line in (DATA / "formats_questions.jsonl").read_text("utf-8").splitlines()]

ARABIC = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآةىؤئًٌٍَُِّْـ٠١٢،؛؟«»()لا ABC 123"), min_size=1)


@cache
def library() -> Library:
    return Library.open(FORMATS, min_confidence=0.25)  # what is tried here is what is read, not how sure it is


@cache
def documents() -> dict[str, Document]:
    return {document.id: document for document in library().documents}


def only(
    content: bytes | str, load: Callable[[bytes, str], Iterable[Found]] = page.load, name: str = "a.x"
) -> Document:
    (found,) = load(content if isinstance(content, bytes) else content.encode(), name)
    assert isinstance(found, Document)
    return found


# Asked through the library


def test_each_kind_that_is_converted_has_a_file_and_a_question() -> None:
    files = {FORMATS / question["document"].partition("#")[0] for question in QUESTIONS}
    asked = {module_of(file.name, file.read_bytes()) for file in files if file.exists()}
    others = {own for _, _, own in SIGNS}
    assert asked >= {*CONVERTERS.values(), *others} - {"pdf", "office.old_word"}


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["document"])
def test_a_file_of_each_format_answers_word_for_word(asked: dict[str, str]) -> None:
    first = library().ask(asked["question"]).quotes[0]
    assert first.document.id == asked["document"]
    assert asked["quote"] in first.text


def test_every_file_of_the_formats_is_read() -> None:
    assert library().problems == ()
    assert {d.path for d in documents().values()} == {
        p.relative_to(FORMATS).as_posix() for p in FORMATS.rglob("*.*") if p.name != "README.md"
    }


SUHA = ("سهى البستاني", None)
LUBNA = ("لبنى الشيحاني", "ar")
BLOGGER = "blogger.xml#tag:blogger.com,1999:blog-4411870263915520847"
TAKEOUT = "blogger-takeout.atom#tag:blogger.com,1999:blog-7730915528846203171"
SITE = "https://news.example.org"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bridge.html", ("افتتاح جسر الزعفران بعد ثلاثة أعوام من العمل", date(2021, 3, 4), "ليلى الحداد", "ar")),
        ("bakery.html", ("فرن القرية القديم", None, None, None)),
        ("museum.docx", ("دليل متحف الساعات في مدينة القرنفل", date(2022, 9, 14), "هدى النجّار", None)),
        ("forest.docx", ("تقرير عن غابة الصنوبر في جبل الرخام", date(2019, 11, 5), "نادر", None)),
        ("guest-house.html", ("بيت الضيافة يُفتتح في دار العقيد القديمة", date(2020, 11, 8), "كرم النحّال", "ar")),
        ("drip.html", ("مزارعو الرمّانة يجرّبون الريّ بالتنقيط", date(2018, 7, 22), *LUBNA)),
        (f"wordpress.xml#{SITE}/?p=8", ("مكتبة متنقّلة تصل إلى قرى وادي الفيروز", date(2024, 4, 18), *LUBNA)),
        (f"wordpress.xml#{SITE}/?p=11", ("أسعار النحاس & الفضّة في سوق الوادي", date(2025, 1, 9), "كرم النحّال", "ar")),
        (f"sport.rss#{SITE}/2023/10/race/", ("سباق الدرّاجات & المشي حول بحيرة الريم", date(2023, 10, 20), *LUBNA)),
        (f"weather.atom#{SITE}/2022/03/hail/", ("Hail in the “Upper Valley”", date(2022, 3, 2), "كرم النحّال", "ar")),
        (f"{BLOGGER}.post-1187402295563310498", ("مربّى السفرجل", date(2018, 11, 20), *SUHA)),
        (f"{TAKEOUT}.post-9038815562274401716", ("قصبة القلم & سكّين البري", date(2022, 9, 3), "إدريس المدادي", None)),
        ("news.rss#https://sahl.example/honey", ("سوق العسل يفتح أبوابه", date(2022, 8, 5), None, "ar")),
        ("journal.atom#urn:uuid:comet", ("مذنّب الريشة يُرى بالعين المجرّدة", date(2020, 6, 18), "مرصد تلّ النجوم", "ar")),
    ],
)  # fmt: skip
def test_what_a_file_says_of_itself(name: str, said: tuple[object, ...]) -> None:
    found = documents()[name]
    assert (found.title, found.published, found.author, found.language) == said


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("bridge.html", "https://almina.example/local/2021/03/zaafaran-bridge"),
        (f"{BLOGGER}.post-1187402295563310498", "https://suha.example/2018/11/blog-post.html"),
        (f"{TAKEOUT}.post-9038815562274401716", None),
        (f"wordpress.xml#{SITE}/?p=9", f"{SITE}/2016/09/pottery/"),
        (f"weather.atom#{SITE}/2022/05/storm/", f"{SITE}/2022/05/storm/"),
        ("guest-house.html", f"{SITE}/2020/11/guest-house/"),
        ("journal.atom#urn:uuid:saturn", "https://falak.example/saturn"),
        ("museum.docx", None),
    ],
)
def test_the_address_is_where_a_reader_finds_the_article(name: str, url: str | None) -> None:
    assert documents()[name].url == url


def test_the_shipped_corpus_is_read_without_the_libraries_of_other_formats() -> None:
    libraries = "{'trafilatura', 'docx', 'lxml', 'defusedxml'}"
    code = f"import sys; from retrieval import Library; Library.open('corpus'); print({libraries} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATA.parent.parent
    )
    assert done.stdout == "set()\n"


def test_a_converted_file_that_changed_is_no_longer_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "a.rss"
    file.write_bytes((FORMATS / "news.rss").read_bytes())
    catalogue = Catalogue(tmp_path)
    assert catalogue.stored("a.rss#sahl-train-1") == catalogue.documents["a.rss#sahl-train-1"]
    file.write_bytes(file.read_bytes().replace(b"6:45", b"7:45"))
    with pytest.raises(UnreadableError, match="changed since it was read"):
        catalogue.stored("a.rss#sahl-train-1")


# Encodings

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859-6"]
SENTENCES = [
    "عنوان المقال",
    "قال المدير إن العمل بدأ",
    "هل وصلت السفينة؟",
    "كان ثمن الخبز قرشين في تلك السنة.",
    "من هو رئيس البلدية، ومتى انتخب؟",
    "Python لغة برمجة ظهرت عام 1991 (على يد مبرمج هولندي).",
]


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859-6"]
)
def test_short_texts_are_decoded_whatever_their_encoding(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("end", ["\r", "\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("name", ["text", "markdown"])
def test_lines_end_whatever_ends_them(name: str, end: str) -> None:
    lines = ["سوق السمك", "يفتح السوق عند الفجر.", "ويغلق قبل الظهر."]
    (document,) = loader(name).load(end.join(lines).encode(), "a.text")
    assert document.title == lines[0]
    assert document.text.split() == " ".join(lines).split()
    assert "\n" in document.text
    assert end not in document.text


def test_harakat_and_quotation_marks_of_windows_1256_come_out() -> None:
    text = "قال المعلّمُ: «لا تَقِفْ في الظلّ» – ثم مضى…\r\nوغاب."
    assert decoded(text.encode("cp1256"), "a.txt") == text


def test_arabic_that_begins_late_in_a_long_latin_text_is_found() -> None:
    text = "Annex. " * 3000 + "هذا الملحق يصف العمل في المدرسة"
    assert decoded(text.encode("iso8859-6"), "a.txt") == text


@pytest.mark.parametrize(
    "content",
    [
        "كتاب في صناعة الورق وتاريخها".encode()[:-1],
        b"ab" + "ثلاثون كتابا في بيت جدي".encode() + b"\xff\xfe tail",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        b"\xff\xfe\x00\xd8",
    ],
)
def test_what_is_in_no_encoding_is_refused_with_its_mend(content: bytes) -> None:
    with pytest.raises(
        UnreadableError, match=r"^a.txt: not .*save it as UTF-8|zero bytes|a picture under another name"
    ):
        decoded(content, "a.txt")


@given(ARABIC)
def test_any_text_in_utf_8_stays_as_it_is(text: str) -> None:
    assert decoded(text.encode(), "a.txt") == text


def test_the_encoding_that_a_page_declares_counts_where_it_is_not_utf_8() -> None:
    assert decoded("من".encode("iso8859-6"), "a.html", "ISO-8859-6") == "من"
    assert decoded("من".encode(), "a.html", "windows-1256") == "من"
    assert decoded("من البيت".encode(), "a.html", "no-such-encoding") == "من البيت"


# Pages


@pytest.mark.parametrize(
    "furniture",
    ["ملفات تعريف الارتباط", "الرئيسية", "شارك", "واتساب", "اقرأ أيضا", "أسعار السمك", "البساتين", "عشرين مليونا",
     "مبروك", "اترك تعليقا", "الأكثر قراءة", "النشرة", "الحقوق", "كتبه برنامج", "وسوم"],
)  # fmt: skip
def test_what_stands_around_an_article_is_not_in_it(furniture: str) -> None:
    assert furniture in (FORMATS / "bridge.html").read_text("utf-8")
    assert furniture not in documents()["bridge.html"].text


@pytest.mark.parametrize("furniture", ["سجل الزوار", "رسالة أقدم", "ذكرتنا", "الزائر رقم"])
def test_nor_around_one_on_an_old_page(furniture: str) -> None:
    assert furniture in (FORMATS / "bakery.html").read_bytes().decode("cp1256")
    assert furniture not in documents()["bakery.html"].text


def test_the_heading_of_an_article_is_its_title() -> None:
    found = documents()["bakery.html"]
    assert found.text[: found.heading] == found.title


LINES = [
    "نزل المطر على <b>القر</b>ية ثلاثة أيام.",
    "ثم فاض النهر وغمر السوق كله.",
    "وخرج الناس إلى التلّ <i>القريب</i>.",
]
WORDS = "نزل المطر على القرية ثلاثة أيام. ثم فاض النهر وغمر السوق كله. وخرج الناس إلى التلّ القريب."


@pytest.mark.parametrize(
    "body",
    [
        "<p>{}</p>".format("</p><p>".join(LINES * 12)),
        "<p>{}</p>".format("</p><p>".join(LINES)),
        "<div class='post-body'>{}</div>".format("<br><br>".join(LINES * 12)),
        "<div><span>{}</span></div>".format("</span></div><div><span>".join(LINES * 12)),
        "<table><tr><td>{}</td></tr></table>".format("<br>".join(LINES * 12)),
        "<article><ul><li>{}</li></ul></article>".format("</li><li>".join(LINES * 12)),
        "<dl><dd>{}</dd></dl>".format("</dd><dd>".join(LINES * 12)),
        "<br>".join(LINES * 12),
        "<br>".join(LINES),
    ],
    ids=["paragraphs", "short", "breaks", "blocks", "table", "list", "terms", "bare", "bare and short"],
)
def test_however_a_page_is_built_its_words_stay_whole_and_in_order(body: str) -> None:
    html = f"<html><head><title>مطر</title></head><body><nav><a href='/'>الرئيسية</a></nav>{body}</body></html>"
    assert only(html).text.split() == WORDS.split() * body.count("نزل")


PROSE = "وقال الشيخ إن الماء لم يبلغ عتبة المسجد منذ خمسين عاما، وإن الناس باتوا على السطوح ليلتين."
MORE_PROSE = "ثم جاءت القوارب من المدينة في اليوم الثالث وحملت الأطفال والمرضى إلى المدرسة التي على التل."


def test_a_form_around_a_page_is_no_form() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in (PROSE, *LINES))
    assert PROSE in only(f"<html><body><form action='a.aspx'>{paragraphs}</form></body></html>").text


def test_text_that_follows_a_picture_loosely_is_read() -> None:
    days = "<br/>\n<br/>\n".join(f"{PROSE[:-1]}، وذلك في اليوم {day}." for day in range(1, 6))
    post = f"<div dir='rtl'><div class='separator'><img src='a.jpg'/></div>\n{days}<br/>\n</div>"
    header = "<header><div><p>أخبار النهر</p></div></header>"
    page = f"<html><body>{header}<div class='post-body entry-content'>{post}</div></body></html>"
    assert [line[-8:] for line in only(page).text.split("\n\n")] == [f"اليوم {day}." for day in range(1, 6)]


VOICES = "<div class='a2'><b>سامي</b><p>في بيتنا غرق كل شيء إلا المصحف.</p></div>"


def test_what_follows_the_element_of_an_article_is_not_in_it() -> None:
    article = f"<div class='a1'><p>{PROSE}</p><p>{LINES[1]}</p><p>{MORE_PROSE}</p><p>{LINES[0]}</p></div>"
    text = only(f"<html><body><h1>مطر</h1>{article}{VOICES}</body></html>").text
    assert text.endswith("\n\nنزل المطر على القرية ثلاثة أيام.")


def test_a_single_paragraph_does_not_say_where_an_article_is() -> None:
    article = f"<div class='a1'><p>{PROSE}</p></div><div class='a1'><p>{LINES[1]}</p></div>"
    assert LINES[1] in only(f"<html><body><h1>مطر</h1>{article}</body></html>").text


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("", None),
        ("<time datetime='2020-01-31T10:00'>أمس</time>", date(2020, 1, 31)),
        ("<span class='post-date'>2020-01-31</span>", date(2020, 1, 31)),
        ('<script type=\'application/ld+json\'>{"datePublished": "2020-01-31"}</script>', date(2020, 1, 31)),
    ],
)
@pytest.mark.parametrize("spoken", ["3 مايو 1985، 3/5/1985", "2011-05-06"])
def test_a_day_in_the_text_is_not_the_day_of_publication(stated: str, day: date | None, spoken: str) -> None:
    html = f"<html><body>{stated}<h1>عيد</h1><p>وُلد الشاعر في {spoken}.</p><p>ومات بعد عمر طويل.</p></body></html>"
    assert only(html).published == day


def test_control_characters_do_not_keep_a_page_from_being_read() -> None:
    paragraph = "<p class='a\x02b&#5;'>نزل\x03 المطر&#4; &#x1F;أم&#1587;.</p>"
    found = only(f"<html><head><title>م\x01طر</title></head><body>{paragraph}</body></html>")
    assert (found.title, found.text) == ("مطر", "نزل المطر أمس.")


def test_a_page_that_is_no_text_is_refused() -> None:
    for empty in ("", "<html><body></body></html>", "<html><body><script>x()</script></body></html>"):
        with pytest.raises(UnreadableError, match=r"empty|no text"):
            only(empty)


# HTML to text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>مد<b>رس</b>ة</p><p>أخرى</p>", "مدرسة\n\nأخرى"),
        ("سطر<br>سطر<br/><br/>فقرة", "سطر\nسطر\n\nفقرة"),
        ("<ul><li>أ</li>\n<li>ب</li></ul>", "أ\nب"),
        (
            "<table><tr><td><p>أ</p></td> <td> <p>ب</p></td></tr><tr><th>ج</th><td>د</td></tr></table>ذيل",
            "أ\tب\nج\tد\n\nذيل",
        ),
        ("سطر\nثان\n\nفقرة <b>غليظة</b>", "سطر\nثان\n\nفقرة غليظة"),
        ("<p>سطر\n واحد</p>", "سطر واحد"),
        ("<pre>شطر\n  شطر</pre>", "شطر\nشطر"),
        ("قبل<script>x</script> بعد<!-- ملاحظة --><style>y</style>", "قبل بعد"),
        ("لا&nbsp;تفصل &lt;هذا&gt;", "لا\N{NO-BREAK SPACE}تفصل <هذا>"),
        ("", ""),
    ],
)
def test_blocks_part_and_what_is_inline_does_not(markup: str, text: str) -> None:
    assert fragment_text(markup) == text


@given(st.lists(ARABIC.filter(str.strip), min_size=1))
def test_the_words_of_any_paragraphs_are_kept(paragraphs: list[str]) -> None:
    markup = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    assert fragment_text(markup).split() == " ".join(paragraphs).split()


# Word


def word(*paragraphs: str, **properties: object) -> bytes:
    """A .docx of paragraphs, each a run's XML or a text."""
    document = Word()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    for text in paragraphs:
        if text.startswith("<"):
            element = f"<w:p {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>{text}</w:p>"
            document.element.body.insert(-1, parse_xml(element))
        else:
            document.add_paragraph(text)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def repacked(content: bytes, **changes: tuple[bytes, bytes]) -> bytes:
    """The package with bytes in one of its files replaced; in the names ``__`` stands for a full stop."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for each in old.namelist():
            data = old.read(each)
            for name, (was, now) in changes.items():
                data = data.replace(was, now) if each.endswith(name.replace("__", ".")) else data
            new.writestr(each, data)
    return written.getvalue()


DELETED = "<w:del><w:r><w:delText>وحذف</w:delText></w:r></w:del>"
RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
BOX = f"<w:r><w:txbxContent><w:p>{RUN.format('في الإطار')}</w:p></w:txbxContent></w:r>"


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        (RUN.format("مد") + RUN.format("رسة"), "مدرسة"),
        (RUN.format("بقي") + f"<w:ins>{RUN.format(' وزيد')}</w:ins>" + DELETED, "بقي وزيد"),
        ("<w:hyperlink>" + RUN.format("رابط") + "</w:hyperlink>" + RUN.format(" بعده"), "رابط بعده"),
        ("<w:sdt><w:sdtContent>" + RUN.format("خانة") + "</w:sdtContent></w:sdt>", "خانة"),
        (RUN.format("سطر") + "<w:r><w:br/></w:r>" + RUN.format("ثان"), "سطر\nثان"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + RUN.format("نص"), "نص"),
        (RUN.format("قبل") + BOX + RUN.format(" بعد"), "قبل بعد\n\nفي الإطار"),
        (f"<mc:AlternateContent><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent>" + RUN.format("نص"), "نص"),
    ],
)  # fmt: skip
def test_the_words_that_word_shows_are_read_each_once(paragraph: str, text: str) -> None:
    assert only(word(paragraph), docx.load).text == text


def test_cells_of_a_row_stand_on_one_line() -> None:
    assert "اليوم\tالموعد\nالسبت إلى الأربعاء\tمن التاسعة صباحا إلى الرابعة عصرا\n" in documents()["museum.docx"].text


def test_a_word_document_without_properties_says_nothing_of_itself() -> None:
    found = only(repacked(word("نص قصير."), xml=(b"core-properties+xml", b"other+xml")), docx.load)
    assert (found.title, found.author, found.published) == ("نص قصير.", None, None)


def test_a_document_with_macros_is_read_and_they_are_not() -> None:
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros = repacked(word("نص مع ماكرو."), xml=(kind, b"application/vnd.ms-word.document.macroEnabled.main+xml"))
    assert only(macros, docx.load).text == "نص مع ماكرو."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a Word document"),
        (b"PK\x03\x04 broken", "not a Word document"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
            "of an older format; save it as .x anew",
        ),
        (word(), "no text in it"),
        (repacked(word("نص"), document__xml=(b"<w:body>", b"<w:body")), "damaged, or not a Word document"),
    ],
    ids=["empty", "cut", "doc", "no text", "damaged"],
)
def test_a_word_document_that_cannot_be_read_is_named(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        only(content, docx.load)


def test_a_package_that_unpacks_to_too_much_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "UNPACKED", 1000)
    with pytest.raises(UnreadableError, match="when unpacked"):
        only(word("نص"), docx.load)


# Feeds


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        ("wordpress.xml", [f"#{SITE}/?{each}" for each in ("p=8", "p=9", "p=10", "p=11", "p=12", "page_id=18")]),
        ("sport.rss", [f"#{SITE}/2023/10/race/", f"#{SITE}/2023/10/cup/"]),
        ("weather.atom", [f"#{SITE}/2022/05/storm/", f"#{SITE}/2022/03/hail/"]),
        (BLOGGER, [".post-1187402295563310498", ".post-6204417733905518201", ".page-8841206637715592004"]),
        (TAKEOUT, [".post-4402917735518826093", ".post-9038815562274401716", ".page-5047719936620184835"]),
        ("news.rss", ["#sahl-train-1", "#https://sahl.example/honey"]),
        ("journal.atom", ["#urn:uuid:comet", "#urn:uuid:saturn"]),
    ],
)
def test_only_what_was_published_for_everyone_is_a_document(file: str, ids: list[str]) -> None:
    assert [each for each in documents() if each.startswith(file)] == [file + each for each in ids]


# Words of drafts, of private, protected, future and trashed posts, of readers, of menus, pictures and settings.
@pytest.mark.parametrize(
    ("file", "unread"),
    [
        ("wordpress.xml", ["نصّ لم يُنشر", "نصّ خاصّ", "بكلمة مرور", "لم يحن موعد", "سلّة المهملات", "خمسة آلاف كتاب",
                           "شكرًا على اهتمامكم", "أسبوعين لا تسعة", "الصفحة الأولى", "رفوف الأطفال", "ملخّص كتبته",
                           "[gallery", "[contact-form-7", "[price_chart", "[caption", "youtube", "watch/pottery"]),
        ("sport.rss", ["password protected", "محمي:", "ملخّص لا يُقرأ"]),
        ("blogger.xml", ["لم يكتمل", "خمسون سنتيمترا", "فتعفّنت", "رسائل المدونة", "شجر وثمر", "ANYONE"]),
        ("blogger-takeout.atom", ["لم يكتمل", "لم يحن موعد", "في المهملات", "عشرين يوما وتكفي"]),
    ],
)  # fmt: skip
def test_nothing_else_of_an_export_is_read(file: str, unread: list[str]) -> None:
    exported = (FORMATS / file).read_text("utf-8")
    read = "".join(each.title + each.text for each in documents().values() if each.path == file)
    assert all(each in exported for each in unread)
    assert [each for each in unread if each in read] == []


def test_a_post_of_the_block_editor_is_parted_as_it_is_shown() -> None:
    found = documents()[f"wordpress.xml#{SITE}/?p=8"].text
    assert "صباحًا.\nالاثنين: قرية عين الحجل، من الرابعة إلى السادسة مساءً.\nالخميس" in found


def test_a_post_of_the_older_editor_has_its_paragraphs_at_blank_lines() -> None:
    found = documents()[f"wordpress.xml#{SITE}/?p=9"].text
    assert "حتى يلين.\n\nدولاب الخزّاف يونس الطيّان\n\nوتُشوى" in found


def export(content: str) -> str:
    """WordPress's export of a post."""
    spaces = "xmlns:wp='http://wordpress.org/export/1.2/' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    item = f"<wp:post_type>post</wp:post_type><content:encoded>{escape(content)}</content:encoded>"
    return f"<rss {spaces}><channel><item>{item}</item></channel></rss>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("قبل [gallery] بعد", "قبل بعد"),
        ("[row][column width='1/2']نصّ العمود[/column][/row]", "نصّ العمود"),
        ("[audio src='https://a.example/a.mp3'/]نصّ", "نصّ"),
        ("نصّ\n\n[embed]https://a.example/film[/embed]", "نصّ"),
        ("نصّ\nhttps://a.example/film\nآخر", "نصّ\n\nآخر"),
        ("من https://a.example/film", "من https://a.example/film"),
        ("قال [sic] و[1] و[كذا] و[x = 5]", "قال [sic] و[1] و[كذا] و[x = 5]"),
    ],
)
def test_what_wordpress_replaces_is_left_out_and_other_brackets_stay(content: str, text: str) -> None:
    assert only(export(content), feed.load).text == text


@given(st.text(st.sampled_from('ابتثمنهوي َّ٠١٢،«»() [] ABC / = " 123'), min_size=1).filter(str.strip))
def test_no_word_of_a_stored_post_is_lost(text: str) -> None:
    assert only(export(escape(text)), feed.load).text.split() == text.split()


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("<author>noreply@a.example (سهى البستاني)</author>", "سهى البستاني"),
        ("<author>editor@a.example</author>", None),
        ("<author>سهى</author>", "سهى"),
        ("<author><name/><uri>https://a.example</uri></author>", None),
    ],
)
def test_an_author_is_a_name_and_no_address(author: str, name: str | None) -> None:
    assert only(f"<rss><item><description>نص</description>{author}</item></rss>", feed.load).author == name


def test_an_entry_that_replies_is_a_reader_s_comment() -> None:
    reply = "<entry><thr:in-reply-to ref='urn:1'/><content>تعليق</content></entry>"
    space = "xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'"
    found = only(f"<feed {space}>{reply}<entry><content>مقال</content></entry></feed>", feed.load)
    assert found.text == "مقال"


def test_an_entry_without_text_is_named_and_the_rest_is_served() -> None:
    items = "<item><guid>1</guid></item><item><guid>2</guid><description>نص</description></item>"
    problem, found = feed.load(f"<rss><channel>{items}</channel></rss>".encode(), "a.rss")
    assert str(problem) == "a.rss#1: no text in it"
    assert isinstance(found, Document)
    assert (found.id, found.title, found.text) == ("a.rss#2", "نص", "نص")


def test_a_feed_in_windows_1256_with_control_characters_is_read() -> None:
    item = "<item><description>نص\x0b المقال&#8;</description></item>"
    rss = f"<?xml version='1.0' encoding='windows-1256'?><rss><channel>{item}</channel></rss>"
    assert only(rss.encode("cp1256"), feed.load).text == "نص المقال"


@pytest.mark.parametrize("file", ["wordpress.xml", "sport.rss", "blogger.xml", "blogger-takeout.atom"])
@pytest.mark.parametrize("kept", [0.8, 0.95])
@pytest.mark.parametrize("cut", range(3))  # bytes: some in the middle of a letter
def test_of_a_file_that_is_cut_off_the_whole_entries_are_read(file: str, kept: float, cut: int) -> None:
    whole = (FORMATS / file).read_bytes()
    *found, problem = feed.load(whole[: int(len(whole) * kept) + cut], file)
    assert found == list(feed.load(whole, file))[: len(found)]
    assert found
    assert str(problem).startswith(f"{file}: cut off or damaged (")


def test_what_stands_before_a_damage_is_read_and_the_place_named() -> None:
    item = "<item><guid>{}</guid><description>نص</description></item>"
    found, problem = feed.load(f"<rss>\n{item.format(1)}\n<b></i>{item.format(2)}</rss>".encode(), "a.rss")
    assert isinstance(found, Document)
    assert found.id == "a.rss#1"
    assert str(problem) == (
        "a.rss: cut off or damaged (mismatched tag: line 3, column 5); only what stands before is served; save it anew"
    )


BOMB = "<!DOCTYPE rss [<!ENTITY a0 'ها'>{}]><rss><channel><item><title>&a30;</title></item></channel></rss>".format(
    "".join(f"<!ENTITY a{i} '&a{i - 1};&a{i - 1};&a{i - 1};'>" for i in range(1, 31))
)
EXTERNAL = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><rss><channel><item><description>&x;</description></item></channel></rss>"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (BOMB, "declares entities of its own; take its DOCTYPE out"),
        (EXTERNAL, "declares entities of its own; take its DOCTYPE out"),
        ("", "not XML: no element found: line 1"),
        ("<rss><channel>", "not XML: no element found: line 1"),
        ("<rss><item><title>نص</title>", "not XML: no element found: line 1"),
        ("نص", "not XML"),
        ("<html><body/></html>", "not a feed, nor an export of Blogger or WordPress: its root is 'html'"),
        ("<rss>" + "<a>" * 50_000, "not XML"),
    ],
    ids=["bomb", "external", "empty", "cut", "cut in an entry", "text", "html", "deep"],
)
def test_what_is_no_feed_or_a_hostile_one_is_refused_at_once(xml: str, reason: str) -> None:
    start = process_time()
    with pytest.raises(UnreadableError, match=reason):
        list(feed.load(xml.encode(), "a.xml"))
    assert process_time() - start < 2


# Bounds


def test_a_file_of_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST", 1)
    with pytest.raises(UnreadableError, match="more than 1 entries; split it"):
        list(feed.load((FORMATS / "news.rss").read_bytes(), "news.rss"))


@pytest.mark.parametrize("name", ["museum.docx", "bridge.html", "news.rss"])
def test_a_document_of_too_many_characters_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(reading, "LONGEST", 10)
    load = loader(CONVERTERS[Path(name).suffix]).load
    try:
        found = list(load((FORMATS / name).read_bytes(), name))
    except UnreadableError as error:
        found = [error]
    assert {str(each).partition(" ")[2] for each in found} == {"its text is longer than 10 characters; split it"}


@pytest.mark.parametrize(
    ("value", "address"),
    [("https://a.example/x", True), ("javascript:x()", False), ("/x", False), ("http://a b", False)],
)
def test_only_what_a_reader_can_open_is_an_address(value: str, address: bool) -> None:
    assert web_address(value) == (value if address else None)


@pytest.mark.parametrize(("tag", "code"), [("ar-SA", "ar"), ("AR", "ar"), ("arabic", None), ("", None), (None, None)])
def test_the_language_is_its_code(tag: str | None, code: str | None) -> None:
    assert language_of(tag) == code
