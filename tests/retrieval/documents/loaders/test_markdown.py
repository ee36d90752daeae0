"""Markdown as a reader sees it, and what its front matter says."""

from datetime import date

import pytest

from retrieval.documents.loaders.markdown import load
from retrieval.model import Document

BODY = "افتتح الوزير المكتبة يوم الثلاثاء."


def read(text: str) -> Document:
    (found,) = load(text.encode(), "a.md")
    assert isinstance(found, Document)
    return found


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: "مكتبة النور"\ndate: 2023-05-10T09:00:00+03:00\nurl: https://a.example/b\nauthor: هيا\n---\n',
        "---\r\ntitle: مكتبة النور\r\npubDate: 2023-05-10\r\nlink: https://a.example/b\r\nauthors: [هيا]\r\n---\r\n",
        '+++\ntitle = "مكتبة النور"\ndate = 2023-05-10\nurl = "https://a.example/b"\nauthor = "هيا"\n+++\n',
        '{\n"title": "مكتبة النور", "date": "2023-05-10",\n"url":"https://a.example/b", "author":{"name":"هيا"}\n}\n',
        "---\ntitle: مكتبة النور\ndate: 2023-05-10\nurl: https://a.example/b\nauthor: هيا\nwrong: «a»: b: [\n---\n",
    ],
    ids=["yaml", "yaml of windows", "toml", "json", "yaml that breaks its rules"],
)
def test_front_matter_says_title_day_address_and_author_and_is_no_text(front: str) -> None:
    found = read(f"{front}\n{BODY}\n")
    assert (found.title, found.published, found.url) == ("مكتبة النور", date(2023, 5, 10), "https://a.example/b")
    assert (found.author, found.text, found.heading) == ("هيا", BODY, 0)


def test_a_title_with_a_colon_is_read_though_yaml_forbids_it() -> None:
    assert read(f"---\ntitle: افتتاح: مكتبة النور\n---\n{BODY}").title == "افتتاح: مكتبة النور"


def test_lines_that_are_no_front_matter_stay() -> None:
    assert read(f"---\n{BODY}\n\n---\n\nنص آخر").text == f"{BODY}\n\nنص آخر"


def test_yaml_that_grows_is_not_unfolded() -> None:
    lines = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(40))
    assert read(f"---\ntitle: عنوان\n{lines}---\n{BODY}").title == "عنوان"


def test_without_front_matter_the_first_line_is_the_title() -> None:
    found = read(f"# مكتبة **النور**\n\n{BODY}\n")
    assert (found.title, found.text[: found.heading]) == ("مكتبة النور", "مكتبة النور")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("**النور** و*العلم* و`رمز` و~~خطأ~~ وصواب", "النور والعلم ورمز و وصواب"),
        ("زر [الموقع](https://a.example/x_y_z) اليوم ![صورة](a.png 'عنوان')", "زر الموقع اليوم"),
        ("انظر [[صفحة|الصفحة]] و[[المكتبة]]", "انظر الصفحة والمكتبة"),
        ("{{< youtube abc >}}\n\nنص {{% note %}}هنا{{% /note %}}", "نص هنا"),
        ("{% include a.html %}\n\nنص", "نص"),
        ("## عنوان {#id .class}\n\nنص", "عنوان\n\nنص"),
        ("- أول\n- ثان\n\nنص", "أول\nثان\n\nنص"),
        ("| أ | ب |\n|---|---|\n| 1 | 2 |", "أ\tب\n1\t2"),
        ("تعمل حتى السادسة[^1].\n\n[^1]: عدا الجمعة.", "تعمل حتى السادسة.\n\nعدا الجمعة."),
        ("> [!NOTE]\n> نص مهم", "نص مهم"),
        ("<div align='center'>وسط</div>\n\n<!-- سر -->\n\nنص", "وسط\n\nنص"),
        ("الهاتف: 12345\nالعنوان: شارع النيل", "الهاتف: 12345\nالعنوان: شارع النيل"),
        (
            "هذه فقرة طويلة كتبها صاحبها في أسطر متتالية من دون\nأن يقصد بها أسطرا في النص",
            "هذه فقرة طويلة كتبها صاحبها في أسطر متتالية من دون أن يقصد بها أسطرا في النص",
        ),
    ],
)
def test_a_text_is_what_a_reader_sees(written: str, seen: str) -> None:
    assert read(f"عنوان\n\n{written}\n").text == f"عنوان\n\n{seen}"


def test_headings_items_and_columns_are_marked() -> None:
    found = read("# عنوان\n\n## قسم\n\n- بند\n\n| أ | ب |\n|--|--|\n| 1 | 2 |\n")
    marked = [(part.role, part.level, part.span.of(found.text)) for part in found.parts]
    assert marked == [("heading", 1, "عنوان"), ("heading", 2, "قسم"), ("item", 0, "بند"), ("columns", 0, "أ\tب")]
