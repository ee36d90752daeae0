"""What a site stamps on an article is furniture; lines that look a little like it are the article's."""

import pytest

from retrieval.documents.furniture import bodies
from retrieval.model import Document

FIRST = "أعلنت بلدية السلط الأربعاء بدء العمل في ترميم السوق القديم بكلفة تبلغ 3.2 ملايين دينار تمولها وزارة السياحة."
LAST = "وقال رئيس البلدية المهندس فارس الدباس إن المرحلة الأولى تنتهي في أيلول المقبل، وإن المحال لن تغلق أثناء العمل."


def kept(*lines: str) -> str:
    document = Document("a.txt", "", "\n\n".join(lines))
    return "|".join(span.of(document.text) for span in bodies(document))


@pytest.mark.parametrize(
    "line",
    [
        "الأربعاء 15 مايو 2024 | 10:30 ص",
        "تم نشره في الأربعاء 15 أيار 2024. 12:00 صباحا",
        "2024-05-15 10:32:12",
        "وقت القراءة: 3 دقائق",
        "3 دقائق قراءة",
        "عدد المشاهدات: 1243",
        "فيسبوك تويتر واتساب",
        "Facebook Twitter WhatsApp",
        "صورة أرشيفية",
    ],
)
def test_what_is_stamped_above_or_below_an_article_is_left_out(line: str) -> None:
    assert kept(line, FIRST, LAST) == f"{FIRST}\n\n{LAST}"
    assert kept(FIRST, LAST, line) == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize(
    "line",
    [
        "--بترا س ق/ع أ",
        "وام/أحمد علي/هالة",
        "انتهى/س ق",
        "#السلط #ترميم #السوق",
        "تابعوا آخر أخبارنا عبر قناة واتساب",
        "لمتابعة آخر الأخبار اشترك في قناتنا على تلغرام",
        "الرابط المختصر https://example.com/?p=123",
        "اخترنا لكم",
        "الخبر التالي: سقوط أمطار",
    ],
)
def test_what_a_site_adds_below_is_left_out(line: str) -> None:
    assert kept(FIRST, LAST, line) == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize("line", ["اقرأ أيضاً| افتتاح معرض الكتاب في إربد", "شاهد بالفيديو: افتتاح معرض الكتاب"])
def test_what_leads_elsewhere_is_left_out_whatever_parts_its_title(line: str) -> None:
    assert line not in kept(FIRST, line, LAST)


@pytest.mark.parametrize(
    "line",
    [
        "الأحد 3 مايو",
        "لمتابعة الطلب يتصل بالرقم 06-5550199",
        "زيارات ميدانية للمدارس",
        "اشترك في المعرض أربعون حرفيا",
        "مشاهدات من السوق القديم",
        "الموازنة 1243 ألف دينار",
    ],
)
def test_other_short_lines_stay(line: str) -> None:
    assert line in kept(line, FIRST, LAST)
    assert line in kept(FIRST, LAST, line)
