"""What Telegram, WhatsApp and MediaWiki export: a document a message, a day or an article, dated and linked."""

import json
from datetime import date

import pytest
from places import DATA

from retrieval import Document
from retrieval.documents.loaders.exports import telegram, telegram_pages, whatsapp, wiki
from retrieval.documents.loaders.formats import Loader, module_of
from retrieval.errors import UnreadableError

EXPORTS = DATA / "formats" / "exports"


def read(module: Loader, content: bytes, name: str = "a.x") -> list[Document]:
    return [each for each in module.load(content, name) if isinstance(each, Document)]


def test_a_message_of_a_channel_is_a_document_with_its_day_and_its_address() -> None:
    first, second = read(telegram, (EXPORTS / "result.json").read_bytes(), "result.json")
    assert (first.id, first.url) == ("result.json#14", "https://t.me/c/1622003344/14")
    assert (second.published, second.author) == (date(2022, 6, 20), None)
    assert (
        second.text
        == "افتتحت رئيسة البلدية رجاء الخوري سوق الحرفيين الجديد، وفيه 64 دكانا.\n\nللاستفسار: +962 6 555 0199"
    )
    assert second.title == "بلدية تل الياسمين: افتتحت رئيسة البلدية رجاء الخوري سوق الحرفيين الجديد،…"


def test_a_day_of_a_group_is_a_document_that_says_who_wrote() -> None:
    chat = {"name": "الجيران", "type": "private_supergroup", "id": 7, "messages": [
        {"id": 1, "type": "message", "date": "2021-01-02T10:00:00", "from": "هند", "text": "أين المفتاح؟"},
        {"id": 2, "type": "message", "date": "2021-01-02T11:00:00", "from": "سامر", "text": "عند الحارس."},
        {"id": 3, "type": "message", "date": "2021-01-03T11:00:00", "from": None, "text": "شكرا."},
    ]}  # fmt: skip
    first, second = read(telegram, json.dumps(chat).encode(), "result.json")
    assert (first.id, first.title, first.url) == ("result.json#2021-01-02", "الجيران، 2021-01-02", "https://t.me/c/7/1")
    assert first.text == "هند: أين المفتاح؟\n\nسامر: عند الحارس."
    assert (second.published, second.text) == (date(2021, 1, 3), "شكرا.")


def test_of_an_export_of_all_chats_each_is_read_by_its_kind() -> None:
    chats = [
        {"name": "الواحة", "type": "public_channel", "id": 1, "messages": [
            {"id": 9, "type": "message", "date": "2024-02-03T10:00:00", "from": "الواحة", "text": "وزعت الشتلات."}]},
        {"name": "فارغة", "type": "personal_chat", "id": 2, "messages": []},
        {"type": "saved_messages", "id": 3, "messages": [
            {"id": 9, "type": "message", "date": "2024-02-05T10:00:00", "from": "أنا", "text": "رقم الخزانة 44."}]},
    ]  # fmt: skip
    said = {"about": "Here is the data you requested.", "contacts": {}, "chats": {"about": "…", "list": chats}}
    content = json.dumps(said, ensure_ascii=False).encode()
    assert module_of("result.json", content) == "exports.telegram"
    first, second = read(telegram, content, "result.json")
    assert (first.id, first.text, first.url) == ("result.json#1/9", "وزعت الشتلات.", "https://t.me/c/1/9")
    assert (second.id, second.text) == ("result.json#3/2024-02-05", "أنا: رقم الخزانة 44.")
    assert module_of("result.json", json.dumps(chats[2]).encode()) == "exports.telegram"


def test_the_pages_of_a_group_say_who_wrote_also_where_messages_are_joined() -> None:
    first, second = read(telegram_pages, (EXPORTS / "messages.html").read_bytes(), "messages.html")
    assert first.title == "لجنة الجيران في شارع الحناء، 2023-09-11"
    assert first.text.split("\n\n")[1] == "نوال العطار: وكلفتها 120 دينارا تقسم على اثنتي عشرة شقة."
    assert (second.published, second.text) == (date(2023, 9, 12), "حسان المفتي: مفتاح السطح عند الحارس أبي وائل.")


def test_every_message_of_a_channel_s_pages_is_a_document() -> None:
    page = (EXPORTS / "messages.html").read_text("utf-8")
    for name in ("نوال العطار", "حسان المفتي"):
        page = page.replace(name, "لجنة الجيران في شارع الحناء")
    found = read(telegram_pages, page.encode(), "messages.html")
    assert [each.id for each in found] == [f"messages.html#{number}" for number in (201, 202, 203)]
    assert {each.author for each in found} == {None}


@pytest.mark.parametrize(
    "lines",
    [
        ["12/05/2023, 09:16 - هند: الموعد غدا.", "13/05/2023, 20:00 - سامر: نعم."],
        ["[12/05/2023، 9:16:10 ص] هند: الموعد غدا.", "[13/05/2023، 8:00:00 م] سامر: نعم."],
        ["\u200f[5/12/23, 9:16:10 AM] هند: الموعد غدا.", "[5/13/23, 8:00:00 PM] سامر: نعم."],
        ["٢٠٢٣/٥/١٢، ٩:١٦ ص - هند: الموعد غدا.", "٢٠٢٣/٥/١٣، ٨:٠٠ م - سامر: نعم."],
        ["12.05.23, 09:16 - هند: الموعد غدا.", "13.05.23, 20:00 - سامر: نعم."],
        ["12-05-2023 9:16 صباحًا - هند: الموعد غدا.", "13-05-2023 8:00 مساءً - سامر: نعم."],
        ["12/05/2023 à 09:16 - هند: الموعد غدا.", "13/05/2023 à 20:00 - سامر: نعم."],
        ["12/05/2023 في 9:16 ص - هند: الموعد غدا.", "13/05/2023 في 8:00 م - سامر: نعم."],
        ["5/12/23, 9:16\u202fAM - هند: الموعد غدا.", "5/13/23, 8:00\u202fPM - سامر: نعم."],
    ],
)
def test_a_chat_of_whatsapp_is_read_however_a_telephone_writes_its_days(lines: list[str]) -> None:
    content = "\n".join(lines).encode()
    assert module_of("_chat.txt", content) == "exports.whatsapp"
    first, second = read(whatsapp, content, "_chat.txt")
    assert (first.published, first.text) == (date(2023, 5, 12), "هند: الموعد غدا.")
    assert (second.published, second.text) == (date(2023, 5, 13), "سامر: نعم.")


def test_of_a_chat_of_whatsapp_only_what_people_wrote_is_read() -> None:
    (path,) = EXPORTS.glob("*.txt")
    first, second = read(whatsapp, path.read_bytes(), path.name)
    assert (
        first.text
        == "أم رامي: موعد رحلة المدرسة إلى قلعة البلوط يوم الثلاثاء الساعة السابعة صباحا.\nويحضر كل تلميذ غداءه معه."
    )
    assert second.text == "المعلمة عبير: ثمن الرحلة أربعة دنانير، ويدفع قبل يوم الأحد."
    assert first.title == "أولياء الصف الرابع، 2023-05-12"


@pytest.mark.parametrize(
    "text",
    [
        "عنوان\n\n12/05/2023 كان يوما: جميلا.",
        "قال: 9:15 - نعم.\nوقال: لا.",
        "1. 12/05/2023, 09:16 ثم مضى.\n2. 13/05/2023, 09:16 وعاد.",
    ],
)
def test_a_text_that_names_days_is_no_chat(text: str) -> None:
    assert module_of("a.txt", text.encode()) == "text"


def article(source: str) -> Document:
    base = "<siteinfo><base>https://ar.wiki.example/wiki/%D8%A3</base></siteinfo>"
    page = f"<page><title>طاحونة الماء</title><ns>0</ns><revision><text>{source}</text></revision></page>"
    (found,) = read(
        wiki, f"<mediawiki xmlns='http://www.mediawiki.org/xml/export-0.11/'>{base}{page}</mediawiki>".encode(), "w.xml"
    )
    return found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("'''طاحونة''' على [[النهر الأبيض|النهر]]", "طاحونة على النهر"),
        ("نص{{قالب|[[رابط]]|{{آخر}}}} تابع", "نص\ufffd تابع"),  # a reader sees something there
        ("نص{{بحاجة لمصدر|تاريخ=2020}} تابع", "نص تابع"),
        ("{{بطاقة|اسم=أ}}\n البئر ({{إنج|Well}}) تابع", "البئر (بالإنجليزية: Well) تابع"),
        ("البئر ({{أصد|ب}}) تابع", "البئر تابع"),
        ("سكنها {{formatnum:12345}} نسمة، ثم {{صيغة_رقم:1,250|R}}", "سكنها 12345 نسمة، ثم 1,250"),
        ("نص {{formatnum:{{عدد}}}} تابع", "نص \ufffd تابع"),
        ("تقع {{PAGENAME}} شرقا{{DEFAULTSORT:بئر}}", "تقع طاحونة الماء شرقا"),
        ("عند {{وإو|تر=Reed|عر=بحيرة القصب|لغ=en}} سنة 300 {{ق.م}}", "عند بحيرة القصب سنة 300 ق.م"),
        ("طوله &lt;math&gt;x^2&lt;/math&gt; متر", "طوله \ufffd متر"),
        ("نص&lt;ref name='أ'&gt;كتاب&lt;/ref&gt; تابع&lt;ref name='أ' /&gt;", "نص تابع"),
        ("[[ملف:أ.jpg|تصغير|صورة [[رابط]]]]نص [[تصنيف:مبان]]", "نص"),
        ("[https://a.example الموقع] نص", "الموقع نص"),
        ("{|\n! أ\n|-\n| 1\n|}\nنص", "نص"),
        ("== أول ==\n=== داخل ===\nنص\n== مراجع ==\n{{مراجع}}", "أول\n\nداخل\n\nنص"),
        ("* أول\n* ثان", "أول\nثان"),
        ("&lt;!-- سر --&gt;نص __NOTOC__", "نص"),
    ],
)
def test_an_article_of_a_wiki_is_its_words(source: str, text: str) -> None:
    assert article(source).text == text


def test_an_article_s_address_is_where_readers_find_it() -> None:
    found = article("نص")
    assert (
        found.url == "https://ar.wiki.example/wiki/%D8%B7%D8%A7%D8%AD%D9%88%D9%86%D8%A9_%D8%A7%D9%84%D9%85%D8%A7%D8%A1"
    )
    assert (found.id, found.language, found.published) == ("w.xml#طاحونة الماء", "ar", None)


def test_redirects_and_pages_about_articles_are_not_read() -> None:
    (found,) = read(wiki, (EXPORTS / "wiki.xml").read_bytes(), "wiki.xml")
    assert found.id == "wiki.xml#طاحونة الشلال"


def test_of_a_dump_that_is_cut_off_the_whole_articles_are_read() -> None:
    content = (EXPORTS / "wiki.xml").read_bytes()
    found, problem = wiki.load(content[: len(content) - 300], "wiki.xml")
    assert isinstance(found, Document)
    assert str(problem).startswith("wiki.xml: cut off or damaged (")


@pytest.mark.parametrize("module", [telegram, telegram_pages, whatsapp, wiki])
def test_an_export_without_messages_is_named(module: Loader) -> None:
    with pytest.raises(UnreadableError, match=r"^a\.x: "):
        list(module.load(b'{"messages": []}' if module is telegram else b"<mediawiki/>", "a.x"))
