"""Books, saved pages, subtitles and lists of JSON: their words in order, without what stands around them."""

from datetime import date

import pytest
from packing import changed, with_part
from places import DATA

from retrieval import Document
from retrieval.documents.loaders import subtitles
from retrieval.documents.loaders.exports import records
from retrieval.documents.loaders.formats import Loader
from retrieval.documents.loaders.packed import epub, mail, mhtml
from retrieval.errors import UnreadableError

FILES = DATA / "formats"
LETTER = FILES / "packed" / "bees-meeting.eml"
BOOK = FILES / "packed" / "journey.epub"


def read(module: Loader, content: bytes | str, name: str) -> list[Document]:
    found = module.load(content.encode() if isinstance(content, str) else content, name)
    return [each for each in found if isinstance(each, Document)]


def test_a_chapter_is_a_document_without_the_marks_of_its_notes() -> None:
    first, second = read(epub, BOOK.read_bytes(), "journey.epub")
    assert (first.title, second.title) == (
        "رحلة إلى جزيرة الصدف: الفصل الأول: الإقلاع",
        "رحلة إلى جزيرة الصدف: الفصل الثاني: الجزيرة",
    )
    assert (first.author, first.published, first.language) == ("عادل المرزوقي", date(1998, 4, 12), "ar")
    assert first.text[: first.heading] == "الفصل الأول: الإقلاع"
    assert first.text.endswith("وكان القبطان جبر السندي يحفظ أسماء الرياح كلها.\n\nسمعت ذلك من ابنه.")


def test_lines_of_a_heading_are_parted_in_the_title() -> None:
    first, _ = read(
        epub, changed(BOOK, "EPUB/text/ch001.xhtml", "الفصل الأول: الإقلاع</h", "الفصل الأول<br/>الإقلاع</h"), "a.epub"
    )
    assert first.title == "رحلة إلى جزيرة الصدف: الفصل الأول الإقلاع"


def test_a_letter_is_a_document_without_what_it_answers_and_so_are_its_files() -> None:
    whole = LETTER.read_bytes()
    letter, sheet = read(mail, whole, "a.eml")
    assert letter.title == "دعوة إلى الاجتماع السنوي لجمعية النحالين في وادي الشيح"
    assert (letter.author, letter.published) == ("هناء الدغمي", date(2025, 3, 9))
    assert letter.text.endswith("وهو 18 دينارا، قبل الاجتماع.\n\nهناء الدغمي\nأمينة السر")
    assert (sheet.id, sheet.text[:20]) == ("a.eml/خلايا.csv", "الخلية: خ-1، صاحبها:")
    plain, _ = read(mail, whole.replace(b"text/html", b"text/x-html"), "a.eml")
    assert plain.text.split() == letter.text.split()


def test_a_letter_in_an_old_code_page_is_read_and_lines_that_flow_are_joined() -> None:
    head = "Subject: دعوة\nFrom: a@b.example\nContent-Type: text/plain; charset=windows-1256; format=flowed\n\n"
    (found,) = read(mail, (head + "نلتقي في مقر الجمعية \nيوم السبت.\n\nشكرا").encode("cp1256"), "a.eml")
    assert (found.title, found.author, found.text) == ("دعوة", None, "نلتقي في مقر الجمعية يوم السبت.\n\nشكرا")


def test_the_day_on_which_a_book_was_made_is_no_publication() -> None:
    content = changed(BOOK, "EPUB/content.opf", ">1998-04-12<", ">2026-11-30<")
    assert {each.published for each in read(epub, content, "a.epub")} == {None}


def test_a_locked_book_is_named_and_one_with_locked_fonts_is_read() -> None:
    lock = '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="{}"/></encryption>'
    with pytest.raises(UnreadableError, match="locked"):
        list(epub.load(with_part(BOOK, "META-INF/encryption.xml", lock.format("http://a.example/aes")), "a.epub"))
    fonts = with_part(BOOK, "META-INF/encryption.xml", lock.format("http://www.idpf.org/2008/embedding"))
    assert len(read(epub, fonts, "a.epub")) == 2


def test_a_chapter_that_is_missing_is_named_and_the_rest_is_read() -> None:
    content = changed(BOOK, "EPUB/content.opf", 'href="text/ch001.xhtml"', 'href="text/none.xhtml"')
    problem, found = epub.load(content, "a.epub")
    assert str(problem) == "a.epub#EPUB/text/none.xhtml: not in the book"
    assert isinstance(found, Document)


def test_a_saved_page_is_its_article_with_its_address() -> None:
    (found,) = read(mhtml, (FILES / "packed" / "pottery.mhtml").read_bytes(), "pottery.mhtml")
    assert (found.title, found.published) == ("مهرجان الفخار في بلدة الخزامى", date(2019, 5, 6))
    assert found.url == "https://khuzama.example/pottery"
    assert "جميع الحقوق" not in found.text


def test_the_lines_of_subtitles_are_sentences_again() -> None:
    (found,) = read(subtitles, (FILES / "wells.srt").read_bytes(), "ذاكرة_القرى.srt")
    assert found.title == "ذاكرة القرى"
    first, second = found.text.split("\n\n")
    assert "حفر الناس بئر الزيتونة سنة 1874 بأيديهم في أربعة أشهر. وكان عمقها تسعين ذراعا، ثم جفت" in first
    assert second == "- من كان يحرس البئر ليلا؟\n- كان يحرسها أبو ضاهر المغربي."


def test_notes_styles_and_names_of_web_subtitles_are_not_said() -> None:
    (found,) = read(subtitles, (FILES / "loom.vtt").read_bytes(), "loom.vtt")
    assert found.text.startswith("ينسج البساط على النول الأرضي في ستة عشر يوما")
    assert "للتجربة" not in found.text


def test_captions_that_roll_say_each_line_once() -> None:
    lines = ["أول السطر", "أول السطر\nثم ثانيه", "ثم ثانيه\nثم ثالثه."]
    cues = "".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{words}\n\n" for n, words in enumerate(lines))
    (found,) = read(subtitles, f"WEBVTT\n\n{cues}", "a.vtt")
    assert found.text == "أول السطر ثم ثانيه ثم ثالثه."


@pytest.mark.parametrize("content", ["", "نص بلا أوقات", "WEBVTT\n\nنص"])
def test_what_is_no_subtitles_is_named(content: str) -> None:
    with pytest.raises(UnreadableError, match=r"^a\.srt: "):
        list(subtitles.load(content.encode(), "a.srt"))


def test_a_list_of_objects_is_a_list_of_documents() -> None:
    first, second = read(records, (FILES / "bathhouse.json").read_bytes(), "bathhouse.json")
    assert (first.id, first.published, first.url) == ("ق-1", date(2020, 3, 1), "https://hammam.example/faq#1")
    assert (second.id, second.title) == ("bathhouse.json#2", "كم أجرة الحمام للكبار؟")


def test_an_object_that_is_no_document_is_named_and_the_rest_is_read() -> None:
    found, *problems = records.load('[{"text": "نص"}, 5, {"title": "أ"}, {"text": "\\ud800"}]'.encode(), "a.json")
    assert isinstance(found, Document)
    assert [str(each).partition(": ")[2].partition(":")[0] for each in problems] == ["object 2", "object 3", "object 4"]


def test_other_values_of_an_object_stand_below_its_text() -> None:
    book = '{"عنوان": "طريق الملح", "الوصف": "رواية عن القوافل.", "المؤلف": "نادر عيسى", "السعر": 12.5, "views": 7}'
    (found,) = read(records, f"[{book}]", "a.json")
    assert found.text == "رواية عن القوافل.\n\nالمؤلف: نادر عيسى، السعر: 12.5"


def test_a_list_of_objects_without_texts_is_a_sheet() -> None:
    people = '[{"الاسم": "سمير", "الهاتف": "0791", "له": true}, {"الاسم": "هدى", "العمر": 30}]'
    (found,) = read(records, people, "people.json")
    assert (found.title, found.text) == ("people", "الاسم: سمير، الهاتف: 0791\n\nالاسم: هدى، العمر: 30")


@pytest.mark.parametrize("content", ["{", "5", '{"a": 1}', '{"a": [], "b": []}', "[" + "9" * 5000 + "]"])
def test_json_without_a_list_is_named(content: str) -> None:
    with pytest.raises(UnreadableError, match=r"^a\.json: "):
        list(records.load(content.encode(), "a.json"))


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("عمقها &quot;40&quot; مترا &amp; ماؤها&nbsp;عذب &lt;جدا&gt;", 'عمقها "40" مترا & ماؤها عذب <جدا>'),
        ("<v سالم>مرحبا <00:00:02.000><c.yellow>بكم</c>.&rlm;", "مرحبا بكم."),
    ],
)
def test_a_cue_is_its_words_without_marks(cue: str, text: str) -> None:
    (found,) = read(subtitles, f"WEBVTT\n\n00:01.000 --> 00:03.000\n{cue}\n", "a.vtt")
    assert found.text == text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[موسيقى]\nأهلا بكم.", "أهلا بكم."),
        ("(تصفيق) أهلا [صوت الرعد] بكم [ضحك].", "أهلا بكم."),
        ("♪ يا نخلة الدار ♪", "يا نخلة الدار"),
        ("[Music]\n[الْمُوسِيقَى الهادئة]\nأهلا.", "أهلا."),
        ("قال (عليه السلام) عام (1554) [المترجم].", "قال (عليه السلام) عام (1554) [المترجم]."),
    ],
)
def test_what_is_only_heard_is_not_said(lines: str, said: str) -> None:
    (found,) = read(subtitles, f"1\n00:00:01,000 --> 00:00:04,000\n{lines}\n", "a.srt")
    assert found.text == said
