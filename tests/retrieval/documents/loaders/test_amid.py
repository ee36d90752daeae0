"""Marks of notes, struck-out and hidden words, raised figures and formulas never join a word or a number of a text."""

import json
import shutil
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document as WordFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from packing import packed
from places import DATA
from pptx import Presentation

from retrieval import Document, analyze
from retrieval.documents.apart.reader import Reader
from retrieval.documents.loaders.amid import UNKNOWN
from retrieval.documents.loaders.formats import loader

FORMATS = DATA / "formats"
PAGE = (
    "<html><body><article><h1>القلعة</h1><p>{}</p><p>وسكنها الناس قرونا طويلة، ثم هجروها.</p></article></body></html>"
)


def read(module: str, content: bytes, name: str) -> str:
    (found,) = loader(module).load(content, name)
    assert isinstance(found, Document)
    return found.text


def page(words: str) -> str:
    return read("page", PAGE.format(words).encode(), "a.html").split("\n\n")[1]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('بنيت عام 1120<sup><a href="#n1">1</a></sup>، ثم هدمت.', "بنيت عام 1120، ثم هدمت."),
        ('سكنها 900<a href="#_ftn2" name="_ftnref2"><span>[2]</span></a> رجل.', "سكنها 900 رجل."),
        ('عرضها 15<a class="footnote-ref" href="#fn3"><sup>3</sup></a> مترا.', "عرضها 15 مترا."),
        ('لها 24<sup class="reference"><a href="#cite_note-5">[5]</a></sup> برجا.', "لها 24 برجا."),
        ('رئيسها كرم<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a> سنة.', "رئيسها كرم سنة."),
        ("سقط منها <del>9</del><ins>7</ins> أبراج.", "سقط منها 7 أبراج."),
        ('التذكرة <s>12</s> <span style="text-decoration: line-through">13</span> 15 دينارا.', "التذكرة 15 دينارا."),
        ("مساحتها 12 كم<sup>2</sup>، ومائها H<sub>2</sub>O.", "مساحتها 12 كم²، ومائها H₂O."),
        ("ذكرها الرحالة<sup>4</sup> في 10<sup>3</sup> بيت.", "ذكرها الرحالة⁴ في 10³ بيت."),
        ("ضريبتها <math><mfrac><mn>1</mn><mn>5</mn></mfrac></math> المحصول.", f"ضريبتها {UNKNOWN} المحصول."),
        ('راجع <a href="#s2">الفصل 2</a> منها، و<a href="/b">3</a> كتب.', "راجع الفصل 2 منها، و3 كتب."),
    ],
)
def test_a_page(written: str, seen: str) -> None:
    assert page(written) == seen


def test_raised_figures_are_of_no_word_that_is_looked_for() -> None:
    assert analyze("كم²") == analyze("كم")
    assert analyze("الرحالة⁴ 1931¹") == analyze("الرحالة 1931")


def test_a_plain_page_keeps_its_headings_and_lists() -> None:
    """As office programs write one, without any element that is called an article."""
    content = (
        "<html><body><h1><font><span>باب</span> <span>الماء</span></font></h1><p>بني الباب في عهد الوالي داود.</p>"
        "<h2>أبوابه</h2><ul><li>باب الحديد</li><li>باب السوق</li></ul><p>ويفتح الباب كل صباح للزوار.</p></body></html>"
    )
    text = read("page", content.encode(), "a.html")
    assert [line for line in text.splitlines() if line] == [
        "باب الماء", "بني الباب في عهد الوالي داود.", "أبوابه", "باب الحديد", "باب السوق",
        "ويفتح الباب كل صباح للزوار.",
    ]  # fmt: skip


def test_a_title_that_a_program_filled_in_is_none() -> None:
    written = (
        "<html><head><title>Document1</title></head><body><p>نظام صندوق الزمالة</p><p>يدفع العضو 25 دينارا"
        '<a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> في كل شهر.</p>'
        "</body></html>"
    )
    (found,) = loader("page").load(written.encode(), "a.html")
    assert isinstance(found, Document)
    assert found.title == "نظام صندوق الزمالة"
    assert found.text.endswith("يدفع العضو 25 دينارا في كل شهر.")


def test_who_posted_an_article_and_its_tags_are_none_of_it() -> None:
    post = (
        "<html><body><div class='post hentry'><h3 class='post-title'>خبر الجسر</h3><div class='post-body'>"
        "يغلق جسر النهرين ثمانية عشر يوما للصيانة، ويفتح في آخر الشهر.<br/><br/>وتبلغ كلفة صيانته مليوني دينار تدفعها "
        "الوزارة.</div><div class='post-footer'><span>مرسلة بواسطة أبو النور</span><span>إرسال بالبريد</span>"
        "<abbr class='published' title='2024-05-01T22:10:00+03:00'>10:10 م</abbr></div></div></body></html>"
    )
    (found,) = loader("page").load(post.encode(), "a.html")
    assert isinstance(found, Document)
    assert "مرسلة" not in found.text
    assert found.published == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("written", "name"),
    [("مرسلة بواسطة أبو النور", "أبو النور"), ("بواسطة: رنا القاسم", "رنا القاسم"), ("By Rana Qasim", "Rana Qasim"),
     ("كتب بواسطة Super User", None), ("كاتب ياسين", "كاتب ياسين")],
)  # fmt: skip
def test_an_author_is_named_without_what_stands_before_one(written: str, name: str | None) -> None:
    content = PAGE.format("نص المقال هنا.").replace(
        "<body>", f'<head><meta name="author" content="{written}"></head><body>'
    )
    (found,) = loader("page").load(content.encode(), "a.html")
    assert isinstance(found, Document)
    assert found.author == name


PRESS = (
    "بنيت المعصرة عام 1931، ومساحة أرضها 14 كم².",
    "المادة (2): أجرة العصر 75 فلسا.",
    "الزيت\tالسعر\nبكر\t9 دنانير",
    "للشكاوى: الرقم 117.",
    "الفصل 1: النشأة",
)


@pytest.mark.parametrize("name", ["press.odt", "press.rtf"])
def test_what_libreoffice_hides_deletes_and_numbers(name: str) -> None:
    module = "office.opendocument" if name.endswith("odt") else "office.rtf"
    text = read(module, (FORMATS / "office" / name).read_bytes(), name)
    for words in (*PRESS, "تعصر المعصرة ستمئة ألف كيلوغرام."):
        assert words in text
    assert "أربعمئة" not in text
    assert "كلام مخفي" not in text or name.endswith("rtf")  # in which LibreOffice does not say that it is hidden
    assert text.startswith("نظام معصرة الوادي\n")


def test_the_title_of_an_open_document_is_what_stands_in_that_style() -> None:
    (found,) = loader("office.opendocument").load((FORMATS / "office" / "press.odt").read_bytes(), "press.odt")
    assert isinstance(found, Document)
    assert found.title == "نظام معصرة الوادي"
    assert [part.span.of(found.text) for part in found.parts if part.role == "columns"] == ["الزيت\tالسعر"]


@pytest.mark.skipif(not shutil.which("antiword"), reason="antiword is not there")
def test_raised_figures_of_an_old_word_file_tear_no_paragraph() -> None:
    with Reader() as reader:
        (found,) = reader.read((DATA / "old_word" / "press.doc").read_bytes(), "press.doc")
    assert isinstance(found, Document)
    assert PRESS[0] in found.text
    assert PRESS[3] in found.text.splitlines()
    if shutil.which("soffice"):  # which knows its numbers
        assert PRESS[1] in found.text


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        (r"{\rtf1\ansi It costs {\deleted 30}45 pounds.}", "It costs 45 pounds."),
        (r"{\rtf1\ansi It costs {\strike 30} 45 pounds{\v  or less}.}", "It costs 45 pounds."),
        (r"{\rtf1\ansi \v hidden\v0 Shown \v hidden\plain too.}", "Shown too."),
        (r"{\rtf1\ansi 14 km{\super 2} and H{\sub 2}O}", "14 km² and H₂O"),
        (r"{\rtf1\ansi {\listtext\pard 1.\tab}One\par {\listtext 2.\tab}Two\par}", "1. One\n\n2. Two"),
        (r"{\rtf1\ansi {\pard 1.\tab One\par}{\pard 2.\tab Two\par}}", "1. One\n\n2. Two"),
        (r"{\rtf1\ansi {\listtext\u61623?\tab}One\par Of \u61504? two\par}", "One\n\nOf � two"),
        (
            r"{\rtf1\ansi \trowd\clvmgf\cellx9\cellx19\cellx29 A\cell 1\cell x\cell\row"
            r"\trowd\clvmrg\cellx9\cellx19\cellx29\cell 2\cell y\cell\row"
            r"\trowd\cellx9\cellx19\cellx29 B\cell\cell z\cell\row}",
            "A\t1\tx\nA\t2\ty\nB\t—\tz",
        ),
        (r"{\rtf1\ansi A{\shp{\*\shpinst{\shptxt In a box\par}}} line.\par Next.\par}", "A line.\n\nIn a box\n\nNext."),
    ],
)
def test_rich_text(source: str, seen: str) -> None:
    assert read("office.rtf", source.encode(), "a.rtf") == seen


def word(*runs: str) -> str:
    """The last paragraph of a Word file, of such runs."""
    file = WordFile()
    hidden = file.styles.add_style("Hidden", 2)
    hidden.font.hidden = True
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    file.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')} {math}>{''.join(runs)}</w:p>"))
    content = BytesIO()
    file.save(content)
    return read("office.docx", content.getvalue(), "a.docx")


def run(words: str, said: str = "") -> str:
    return f'<w:r><w:rPr>{said}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


SIGN = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'


@pytest.mark.parametrize(
    ("runs", "seen"),
    [
        ((run("الكلفة "), run("12", "<w:strike/>"), run("15 دينارا.")), "الكلفة 15 دينارا."),
        ((run("خمسة أيام"), run(" أو ستة", '<w:rStyle w:val="Hidden"/>'), run(" عمل.")), "خمسة أيام عمل."),
        ((run("سعته 30 م"), run("3", '<w:vertAlign w:val="superscript"/>'), run(" وعمقه 4.")), "سعته 30 م³ وعمقه 4."),
        ((run("درجة "), "<m:oMath><m:r><m:t>4±0.5</m:t></m:r></m:oMath>", run(" مئوية.")), "درجة 4±0.5 مئوية."),
        (
            (run("ضريبة "), "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>5</m:t></m:r></m:den>"
             "</m:f></m:oMath>", run(" المحصول.")),
            f"ضريبة {UNKNOWN} المحصول.",
        ),
        ((run("العلامة "), SIGN, run(" هنا.")), f"العلامة {UNKNOWN} هنا."),
        ((SIGN, run(" بند أول.")), "بند أول."),
    ],
)  # fmt: skip
def test_a_word_document(runs: tuple[str, ...], seen: str) -> None:
    assert word(*runs) == seen


def test_slides() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "محطة الرياح"
    told = slide.placeholders[1].text_frame
    for paragraph, runs in (
        (told.paragraphs[0], (("كلفتها ", {}), ("90 ", {"strike": "sngStrike"}), ("110 ملايين.", {}))),
        (told.add_paragraph(), (("مساحتها 3 كم", {}), ("2", {"baseline": "30000"}), (".", {}))),
    ):
        for words, said in runs:
            run = paragraph.add_run()
            run.text = words
            for key, value in said.items():
                run._r.get_or_add_rPr().set(key, value)
    content = BytesIO()
    deck.save(content)
    assert read("office.slides", content.getvalue(), "a.pptx") == "محطة الرياح\n\nكلفتها 110 ملايين.\nمساحتها 3 كم²."


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("مساحته 900 م^2^ وفيه H~2~O.", "مساحته 900 م² وفيه H₂O."),
        (r"والضغط $p = \rho g h$ معروف.", f"والضغط {UNKNOWN} معروف."),
        ("سعره $5 أو $7 لا أكثر.", "سعره $5 أو $7 لا أكثر."),
    ],
)
def test_markdown(written: str, seen: str) -> None:
    assert read("markdown", f"# المتحف\n\n{written}\n".encode(), "a.md") == f"المتحف\n\n{seen}"


def test_a_formula_of_an_open_document_is_unknown() -> None:
    frame = (
        r'ضريبته <draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:object '
        r'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="./Object 1"/></draw:frame> المحصول.'
    )
    press = FORMATS / "office" / "press.odt"
    with ZipFile(press) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    words = parts["content.xml"].decode().replace("يعمل في المعصرة 34 عاملا في ثلاث نوبات.", frame)
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mn>5</mn></mfrac></math>'
    text = read("office.opendocument", packed(parts | {"content.xml": words, "Object 1/content.xml": math}), "a.odt")
    assert f"ضريبته {UNKNOWN} المحصول." in text


def test_exports_and_subtitles() -> None:
    chat = {"name": "السوق", "type": "public_channel", "id": 7, "messages": [
        {"id": 1, "type": "message", "date": "2024-01-07T10:00:00", "from": "السوق",
         "text": ["السعر ", {"type": "strikethrough", "text": "20 "}, "25 دينارا"]}]}  # fmt: skip
    assert read("exports.telegram", json.dumps(chat).encode(), "result.json") == "السعر 25 دينارا"
    film = (
        "WEBVTT\n\nintro-1\n00:00:00.000 --> 00:00:03.000\nولد النحات\n\n2\n00:00:03.500 --> 00:00:05.000\nعام 1919.\n"
    )
    assert read("subtitles", film.encode(), "a.vtt") == "ولد النحات عام 1919."
    records = json.dumps([{"title": "المدرسة", "text": "<p>فيها <b>320</b> طالبا &amp; 14 معلما.</p>"}])
    assert read("exports.records", records.encode(), "a.json") == "فيها 320 طالبا & 14 معلما."
    lines = "[2024-03-06, 1:18:02\u202fص] هالة: {}\n[2024-03-06, 1:19:02\u202fص] هالة: الموعد غدا\n"
    sent = lines.format("0012.pdf • 3 صفحات \u200e<مرفق: 0012.pdf>")
    assert read("exports.whatsapp", sent.encode(), "_chat.txt") == "هالة: الموعد غدا"
    wiki = (
        "<mediawiki xml:lang='ar'><page><title>الوادي</title><ns>0</ns><revision><text>"
        "الوادي فيه 7 عيون&lt;br/&gt;ومطحنة، "
        "مساحته 40 كم&lt;sup&gt;2&lt;/sup&gt; وطوله &lt;s&gt;30&lt;/s&gt; 35 كم.</text></revision></page></mediawiki>"
    )
    assert read("exports.wiki", wiki.encode(), "w.xml") == "الوادي فيه 7 عيون\nومطحنة، مساحته 40 كم² وطوله 35 كم."
