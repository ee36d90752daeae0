"""The canonical forms of words: a case a rule, with what the rule must leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.arabic import calendar_names, names, numbers, ordinals
from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words


def forms(text: str) -> str:
    """The canonical forms of a text's words, the empty places shown as a line."""
    return " ".join(form or "-" for form in canonical(folded_words(text)))


CARDINALS = {
    "ثلاثون": "30",
    "خمس": "5",
    "خمسة": "5",
    "وبخمسين": "50",
    "للثلاثين": "30",
    "خمسة وعشرون": "25 -",
    "الخمسة والعشرين": "25 -",
    "خمسة و عشرون": "25 - -",
    "تسع عشرة": "19 -",
    "أحد عشر": "11 -",
    "اثنتا عشرة": "12 -",
    "مئة": "100",
    "مائتان": "200",
    "ثلاث مئة": "300 -",
    "ثلاثمئة وخمسة وعشرين": "325 - -",
    "ثلاثمائة وخمس وعشرين": "325 - -",
    "ألف وخمسمئة": "1500 -",
    "ألف وتسعمئة وسبعة وستين": "1967 - - -",
    "ستة عشر ألفا": "16000 - -",
    "مئة وعشرين ألفا وأربعمئة": "120400 - - -",
    "خمسة ملايين": "5000000 -",
    "مليوني": "2000000",
    "مليونان وثلاثمئة ألف": "2300000 - -",
    "ألف مليون": "1000000000 -",
    "3 ملايين": "3000000 -",
    "1.5 مليون": "1500000 -",
    "٢٫٥ مليار": "2500000000 -",
    "3 ملايين و500 ألف": "3500000 - - - -",
    "نصف مليون": "500000 -",
    "مليون ونصف المليون": "1500000 - -",
    "واحد وعشرون": "21 -",
    "سنة خمس وسبعين وثلاثمئة وألف": "سنه 1375 - - -",
    "تلاتة وتلاتين": "33 -",
    "خمستاشر": "15",
}
NOT_ONE_NUMBER = {
    "واحد من الناس": "واحد من الناس",
    "اثنان منهم": "اثنان منهم",
    "الاثنين والأحد": "الاثنين الاحد",
    "آلاف": "الاف",
    "ثلاثة أربعة": "3 4",
    "خمسة وثلاثة": "5 3",
    "عشرون وثلاثون": "20 30",
    "عشرون 30": "20 30",
    "ألف وخمسة ملايين": "الف 5000000 -",
    "3 و500": "3 و 500",
    "لست أدري": "لست ادري",
    "كمية": "كميه",
    "نصف البيت": "نصف البيت",
    "العشرات": "العشرات",
    "2000000 ألف": "2000000 الف",
}
NEEDS_COMPANY = {
    "الست فيروز": "الست فيروز",
    "ست": "ست",
    "ست سنوات": "6 سنوات",
    "ست وعشرون": "26 -",
    "ألف كتابا": "الف كتابا",
    "في 1967 ألف كتابا": "في 1967 الف كتابا",
    "ألف سنة": "1000 سنه",
    "20 ألف": "20000 -",
}
# What letters alone do not tell apart: known costs.
COSTS = {
    "ألف وثلاثمئة شاهد": "1300 - شاهد",  # he wrote a book, and three hundred
    "خمس الغنيمة": "5 الغنيمه",  # a fifth
    "شرب مية": "شرب 100",  # water
    "أبي قال": "ابو قال",  # my father said
}
ORDINALS = {
    "الخامس عشر": "15 -",
    "الخامسة عشرة": "15 -",
    "والحادي عشر": "11 -",
    "ثاني عشر": "12 -",
    "الثالثة والعشرين": "23 -",
    "للحادي والثلاثين": "31 -",
    "القرن العشرين": "القرن 20",
    "الثالث من فبراير": "3 من فبراير",
    "الأول من شهر رمضان": "1 من شهر رمضان",
    "الثاني من كانون الثاني": "2 من يناير -",
    "عاشر محرم": "10 محرم",
    "الخامس عشر من شباط": "15 - من فبراير",
    "المركز الثالث": "المركز الثالث",
    "الثالث من المتسابقين": "الثالث من المتسابقين",
    "أول رمضان": "اول رمضان",
    "الثاني وعشرون شخصا": "22 - شخصا",
}
MONTHS = {
    "كانون الثاني": "يناير -",
    "وكانون الثاني": "يناير -",
    "جانفي": "يناير",
    "في فيفري": "في فبراير",
    "بحزيران": "يونيو",
    "كانون الأول/ديسمبر": "ديسمبر - -",
    "15 شباط/فبراير 2017": "15 فبراير - 2017",
    "15 آب": "15 اغسطس",
    "الثالث من آب": "3 من اغسطس",
    "آب 2017": "اغسطس 2017",
    "شهر أوت": "شهر اغسطس",
    "آب/أغسطس": "اغسطس -",
    "15 ماي 2016": "15 مايو 2016",
    "ربيع الآخر": "ربيعالثاني -",
    "جمادى الثانية": "جماديالاخره -",
    "ذي الحجة": "ذوالحجه -",
    "لذي القعدة": "ذوالقعده -",
    "وشعبان 1445": "شعبان 1445",
}
NO_MONTHS = {
    "آب المسافر": "اب المسافر",
    "تيريزا ماي": "تيريزا ماي",
    "سيارة نيسان": "سياره نيسان",
    "40 نيسان": "40 نيسان",
    "باب 15": "باب 15",
    "ربيع جميل": "ربيع جميل",
    "صفر صفر": "صفر صفر",
}
WEEKDAYS = {
    "الإثنين": "الاثنين",
    "والأثنين": "الاثنين",
    "للاثنين": "الاثنين",
    "الثلاثا": "الثلاثاء",
    "الاربعا": "الاربعاء",
    "يوم التلات": "يوم الثلاثاء",
    "التلات بنات": "3 بنات",
    "يوم الحد": "يوم الاحد",
    "الحد الأدنى": "الحد الادني",
}
NAMES = {
    "جوجل": "غوغل",
    "بقوقل": "غوغل",
    "Google": "غوغل",
    "فيس بوك": "فيسبوك -",
    "الفيسبوك": "فيسبوك",
    "واتس اب": "واتساب -",
    "WhatsApp": "واتساب",
    "Wi-Fi": "وايفاي -",
    "BBC": "بيبيسي",
    "بي بي سي": "بيبيسي - -",
    "ترمب": "ترامب",
    "الأستانة": "استانا",
    "سورية": "سوريا",
    "السورية": "السوريه",
    "أميركا": "امريكا",
    "الأميركيون": "الامريكيون",
    "والإنكليزية": "والانجليزيه",
    "أوربية": "اوروبيه",
    "التليفزيون": "التلفزيون",
    "والمسئولون": "والمسوولون",
    "الشئون": "شوون",
    "عبد الله": "عبدالله -",
    "ولعبد الرحمن": "عبدالرحمن -",
    "وعبدالرحمن": "عبدالرحمن",
    "نورالدين": "نورالدين",
    "نور الدين": "نورالدين -",
    "أبي بكر": "ابو بكر",
    "أبي ظبي": "ابوظبي -",
    "ابن سينا": "بن سينا",
    "في المئة": "بالميه -",
    "بالمائة": "بالميه",
}
NO_NAMES = {
    "ناسا كثيرين": "ناسا كثيرين",
    "حاسوب": "حاسوب",
    "apple": "apple",
    "أميرك": "اميرك",
    "أوربان": "اوربان",
    "عبد من عباده": "عبد من عباده",
    "أمر الدين": "امر الدين",
    "أبى أن": "ابي ان",
    "بابا نويل": "بابا نويل",
    "لبن": "لبن",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        case
        for cases in (CARDINALS, NOT_ONE_NUMBER, NEEDS_COMPANY, COSTS, ORDINALS, MONTHS, NO_MONTHS, WEEKDAYS)
        for case in cases.items()
    ]
    + [*NAMES.items(), *NO_NAMES.items()],
)
def test_canonical(text: str, expected: str) -> None:
    assert forms(text) == expected


def test_every_month_is_known_by_its_names() -> None:
    for name in table("dates")["months"]:
        form, *rest = canonical(folded_words(f"15 {name} 1440"))[1:-1]
        assert calendar_names.is_month(form)
        assert not any(rest)


def test_every_name_stands_in_one_group() -> None:
    forms = [fold_text(form) for group in table("names")["spellings"] for form in {*map(fold_text, group)}]
    assert len(forms) == len(set(forms))


def test_every_spelling_gives_the_first_of_its_group() -> None:
    for group in table("names")["spellings"]:
        one = fold_text(group[0]).replace(" ", "")
        assert {"".join(canonical(folded_words(form))) for form in group} == {one}
        assert names.spelled(one) == one


def _vocabulary() -> list[str]:
    known = names.BEGIN | numbers.BEGIN | ordinals.BEGIN | calendar_names.BEGIN
    common = "و من شهر سنه عام يوم الدين الله كتاب سنوات 3 15 1445 2017 1.5 ملايين الف الثاني الاول عشر"
    rest = {word for name in table("dates")["months"] for word in fold_text(name).split()}
    return [*sorted(known), *common.split() * 40, *sorted(rest) * 5, ""]


@given(st.lists(st.sampled_from(_vocabulary()) | st.text("ابتعشرينولة15", max_size=6).map(fold_text), max_size=14))
def test_canonical_keeps_the_places_and_settles_at_once(words: list[str]) -> None:
    found = canonical(words)
    assert len(found) == len(words)
    assert canonical(found) == found
    assert not (found and words[0] and not found[0])  # an empty place follows the place that holds its form


@given(st.text(max_size=40))
def test_any_text_has_canonical_words(text: str) -> None:
    words = folded_words(text)
    assert len(canonical(words)) == len(words)
