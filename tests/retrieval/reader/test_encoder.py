"""The networks: what they say of a text depends on it alone; what cannot be loaded is named with the mend."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from places import ROOT

from retrieval.errors import ReaderError
from retrieval.reader import encoder
from retrieval.reader.encoder import SIZE, Networks, Window, load_ahead, networks

WEIGHTS = ROOT / "retrieval/reader/weights"
TITLE = "القدس"
DOME = "بنى قبة الصخرة الخليفة الأموي عبد الملك بن مروان."
OTHERS = ["تقع المدينة على تلال مرتفعة.", "يبلغ سعر كيلو البندورة دينارين.", "هطل المطر غزيرا على الساحل أمس."]
BRIDGE = [
    "افتتح العمدة الجسر القديم صباح الأحد بعد ترميم دام عامين.",
    "يبلغ طول الجسر أربعين مترا، ويعبره كل يوم ألف رجل.",
    "ولا تمر به السيارات منذ السيل الأخير.",
]
ASKED = "من الذي بنى قبة الصخرة؟"
LONG = [
    "افتتح الوزير مستشفى الأطفال الجديد في العاصمة صباح الاثنين بعد أعوام من العمل.",
    "فاز الفريق الأحمر على ضيفه بثلاثة أهداف في نصف نهائي البطولة أمام عشرة آلاف متفرج.",
    "يحتاج العجين إلى كوبين من الطحين وملعقة خميرة ويترك ساعتين في مكان دافئ قبل الخبز.",
    "ترتفع حرارة المحرك حين ينقص ماء التبريد، فأوقف السيارة وانتظر حتى يبرد قبل أن تفتحه.",
    "تهاجر طيور اللقلق في الخريف إلى الجنوب وتعود في الربيع إلى أعشاشها فوق المآذن والأعمدة.",
    "نشرت الشاعرة ديوانها الأول وهي في العشرين، وترجمت قصائده إلى لغات كثيرة بعد وفاتها.",
    "تفرض الغرامة على من يتأخر في إعادة الكتب المستعارة أكثر من أسبوعين عن موعدها المكتوب.",
    "انخفض سعر صرف العملة أمام الدولار بعد قرار المصرف المركزي رفع الفائدة على القروض.",
    "حفر العمال نفقا تحت الجبل طوله سبعة كيلومترات ليمر منه القطار السريع نحو الميناء.",
    "ينصح الأطباء من يعاني ضغط الدم بالمشي نصف ساعة كل يوم وترك الملح والأطعمة المقلية.",
    *OTHERS,
]
HOSTILE = [["\u200b"] * 900, ["ا"] * 900, ["ـ"], ["ا" * 2000], [" ".join("\U0001f9ff\ue000𒀀" * 200)], ["\ud800"]]


def test_they_are_loaded_once_for_all() -> None:
    assert networks() is networks()
    assert len(networks().name) == 16


def test_they_are_loaded_once_though_they_are_asked_for_while_they_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counted(Networks):
        def __init__(self, threads: int) -> None:
            made.append(threads)
            super().__init__(threads)

    monkeypatch.setattr(encoder, "Networks", Counted)
    load_ahead(7)
    assert networks(7).name == networks().name
    assert made == [7]


def test_vectors_have_length_one() -> None:
    rows = networks().passage(TITLE, [DOME, *OTHERS])
    assert rows.shape == (4, SIZE)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(networks().question(ASKED)) == pytest.approx(1, abs=1e-4)


def test_they_say_the_same_on_every_processor() -> None:
    """By onnx's own reference implementation, which reckons with whole numbers as they are; but what lies just between
    two whole numbers is rounded to either (scores are apart by .03 on average), where sums that are cut off put them
    apart by .4."""
    assert networks().question("متى افتتح الجسر القديم؟")[:4] == pytest.approx(
        [-0.041597, 0.015232, 0.112025, -0.031475], abs=0.01
    )
    (reading,) = networks().read("متى افتتح الجسر القديم؟", [Window("الجسر القديم", BRIDGE, range(3))])
    apart = np.abs(np.array(reading.scores) - [1.579, -5.764, -7.344])
    assert apart.mean() < 0.15


def test_the_sentence_that_answers_is_the_nearest() -> None:
    near = networks().passage(TITLE, [*OTHERS, DOME]) @ networks().question(ASKED)
    assert near.argmax() == 3


def test_sentences_of_a_passage_of_several_windows_keep_their_order() -> None:
    assert len(networks().windows(LONG)) > 1
    rows = networks().passage(TITLE, LONG)
    alone = np.concatenate([networks().passage(TITLE, [sentence]) for sentence in LONG])
    assert (alone @ rows.T).argmax(axis=1).tolist() == list(range(len(LONG)))


def test_how_a_sentence_is_written_changes_nothing() -> None:
    plain, written = networks().passage(TITLE, [DOME]), networks().passage(TITLE, ["بَنى قبـــة الصخرة" + DOME[14:]])
    assert (plain == written).all()


def test_a_text_has_the_same_vector_whatever_was_asked_before_and_beside_it() -> None:
    first = networks().passage(TITLE, [DOME, *OTHERS])
    networks().passage("عنوان", LONG)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: networks().passage(TITLE, [DOME, *OTHERS]), range(8)))
    assert all((rows == first).all() for rows in found)


def test_a_window_is_read_the_same_alone_and_among_others() -> None:
    wanted = Window(TITLE, [*OTHERS, DOME], range(4))
    others = [Window("عنوان", LONG, window) for window in networks().windows(LONG)]
    alone, *_ = networks().read(ASKED, [wanted])
    assert networks().read(ASKED, [*others, wanted])[-1] == alone
    assert networks().read(ASKED, []) == []


def test_the_reader_finds_the_sentence_and_the_words_that_answer() -> None:
    (reading,) = networks().read(ASKED, [Window(TITLE, [*OTHERS, DOME], range(4))])
    assert int(np.argmax(reading.scores)) == 3
    span, _ = max(reading.words[3], key=lambda word: word[1])
    assert span.of(DOME) in "الخليفة الأموي عبد الملك بن مروان."


def test_the_words_of_a_reading_are_slices_of_their_sentences() -> None:
    window = networks().windows(LONG)[1]
    (reading,) = networks().read(ASKED, [Window(TITLE, LONG, window)])
    assert len(reading.scores) == len(reading.words) == len(window)
    for number, words in zip(window, reading.words, strict=True):
        assert [span.of(LONG[number]) for span, _ in words] == LONG[number].split()


def test_of_a_sentence_longer_than_is_read_only_the_words_that_were_read_are_told() -> None:
    sentence = " ".join(["كلمة", "طويلة", "جدا"] * 100)
    ((words,),) = (reading.words for reading in networks().read(ASKED, [Window(TITLE, [sentence], range(1))]))
    assert 10 < len(words) < 300
    assert " ".join(span.of(sentence) for span, _ in words) == sentence[: words[-1][0].end]


@pytest.mark.parametrize("sentences", HOSTILE, ids=lambda sentences: ascii(sentences[0][:3]))
def test_any_sentences_can_be_encoded_and_read(sentences: list[str]) -> None:
    title = "ا" * 10_000
    rows = networks().passage(title, sentences)
    assert rows.shape == (len(sentences), SIZE)
    assert np.isfinite(rows).all()
    for window in networks().windows(sentences):
        for reading in networks().read(sentences[0], [Window(title, sentences, window)]):
            assert np.isfinite(reading.scores).all()


@pytest.mark.parametrize("question", ["", " ", "ـ", "\ud800", "ا" * 500, "\U0001f9ff " * 250])
def test_any_question_has_a_vector(question: str) -> None:
    assert np.linalg.norm(networks().question(question)) == pytest.approx(1, abs=1e-4)


def test_a_passage_without_sentences_has_no_vectors() -> None:
    assert networks().passage(TITLE, []).shape == (0, SIZE)


def beside(folder: Path, **changed: bytes | None) -> Networks:
    """The networks of the shipped files, but for some: other bytes, or none."""
    for file in WEIGHTS.iterdir():
        name = file.name.partition(".")[0]
        if name not in changed:
            (folder / file.name).symlink_to(file)
        elif (content := changed[name]) is not None:
            (folder / file.name).write_bytes(content)
    return Networks(weights=folder)


@pytest.mark.parametrize("name", ["pieces.txt", "vectors.onnx", "reader.onnx", "weights.toml"])
def test_a_file_that_is_not_there_is_named_with_the_mend(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ReaderError, match=rf"^the reader's {name} cannot be read \(No such file.*\); install iqtibas again$"
    ):
        beside(tmp_path, **{name.partition(".")[0]: None}).load()


@pytest.mark.parametrize("name", ["pieces.txt", "vectors.onnx", "reader.onnx"])
def test_a_file_that_is_not_the_one_that_was_measured_is_named_with_the_mend(tmp_path: Path, name: str) -> None:
    changed = (WEIGHTS / name).read_bytes()[:-1] + b"\0"
    with pytest.raises(ReaderError, match=rf"^the reader's {name} is damaged; install iqtibas again$"):
        beside(tmp_path, **{name.partition(".")[0]: changed}).load()


@pytest.mark.parametrize("content", [b"", b"\xff", b"[", b"a = 1", b"[a]\nb = 1"])
def test_digests_that_are_damaged_are_said_to_be(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ReaderError, match=r"is damaged; install iqtibas again$"):
        beside(tmp_path, weights=content).load()


def test_a_network_that_cannot_be_run_is_one_line_with_the_mend(tmp_path: Path) -> None:
    content = b"no network\nat all"
    digests = (WEIGHTS / "weights.toml").read_text("utf-8")
    said = sha256((WEIGHTS / "vectors.onnx").read_bytes()).hexdigest()
    other = digests.replace(said, sha256(content).hexdigest()).encode()
    with pytest.raises(
        ReaderError, match=r"^onnxruntime cannot run the reader's vectors\.onnx \(.*\); install .* again$"
    ):
        beside(tmp_path, vectors=content, weights=other).load()


def test_vectors_of_other_weights_have_another_name(tmp_path: Path) -> None:
    digests = (WEIGHTS / "weights.toml").read_text("utf-8")
    said = digests.rpartition('["vectors.onnx"]\nsha256 = "')[2].partition('"')[0]
    changed = digests.replace(said, said[::-1]).encode()
    assert beside(tmp_path, weights=changed).name != networks().name == Networks().name
