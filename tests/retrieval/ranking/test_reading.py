"""Ranking with a reader: it reads what words and vectors put first, within a bound; what it says decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Document, Hit, Passage, Span
from retrieval.finding.search import Found
from retrieval.question.parsed import parse
from retrieval.ranking.networks import Network
from retrieval.ranking.ranker import NOTHING, Ranked, ranker
from retrieval.ranking.reading import (
    AFTER,
    JUDGED,
    NAMES,
    WINDOWS,
    ReadingRanker,
    Words,
    known,
    read,
    signs,
    weights_of,
)
from retrieval.reader.encoder import Reading, Window
from retrieval.segmentation import sentences

QUESTION = "كم كلف ترميم الجسر؟"
BRIDGE = "بني الجسر القديم في المدينة. كلف ترميم الجسر مليوني دينار. وافتتحه العمدة صباح الأحد. وحضر أهل البلدة."
MARKET = "يزدحم السوق قبل العيد. كلف ترميم السوق نصف مليون دينار. وسر التجار بذلك. وعاد الناس."
ANSWERS, NOT = 6.0, -6.0
UNREAD = -12.0


@dataclass
class Reader:
    """Reads two sentences at a time; says of some, by a word of theirs, how well they answer."""

    says: Mapping[str, float] = field(default_factory=dict)
    wanted: list[Window] = field(default_factory=list)

    def windows(self, sentences: Sequence[str]) -> list[range]:
        return [range(at, min(at + 2, len(sentences))) for at in range(0, len(sentences), 2)]

    def read(self, _question: str, wanted: Sequence[Window]) -> list[Reading]:
        self.wanted += wanted
        return [
            Reading(
                tuple(self._score(window.sentences[number]) for number in window.numbers),
                tuple(self._words(window.sentences[number]) for number in window.numbers),
            )
            for window in wanted
        ]

    def _score(self, sentence: str) -> float:
        return next((score for word, score in self.says.items() if word in sentence), NOT)

    def _words(self, sentence: str) -> Words:
        return ((Span(0, len(sentence.split()[0])), self._score(sentence)),)


def found(title: str, text: str, nearness: Sequence[float] | None = None, score: float = 5.0, start: int = 0) -> Found:
    document = Document(title, title, text)
    hit = Hit(Passage(title, Span(start, len(text)), document.digest), score)
    return Found(document, hit, tuple(nearness) if nearness is not None else None)


def by(names: Sequence[str], name: str) -> Network:
    """A network that gives a feature as it is, within 4 of zero."""
    nothing = np.zeros(len(names), np.float32)
    direct = nothing.copy()
    direct[names.index(name)] = 1
    weights = np.zeros((len(names), 1), np.float32)
    unit = np.zeros(1, np.float32)
    return Network(tuple(names), nothing, nothing + 1, weights, unit, unit, direct)


def ranked(reader: Reader, passages: Sequence[Found], first: str = "nearness", last: str = "answers") -> Ranked:
    """Ranked by a feature of the first order, and by one of the last."""
    weighed = ReadingRanker(ranker(), reader, by(NAMES, first), by((*NAMES, *AFTER), last), weights_of()[2])
    return weighed.rank(parse(QUESTION), [1.0, 1.0, 1.0], passages)


def texts(one: Ranked) -> list[str]:
    return [candidate.text for candidate in one.candidates]


def many(count: int) -> list[Found]:
    return [found(f"خبر {at}", f"كلف ترميم الجسر {at} دينار. ثم عاد الناس {at}.", (0.0, 0.0)) for at in range(count)]


def test_where_nothing_was_found_nothing_is_ranked() -> None:
    assert ranked(Reader(), []) == NOTHING


def test_the_shipped_models_are_of_the_features_that_are_measured() -> None:
    first, last, right = weights_of()
    seen = known(ranker(), parse(QUESTION), [1.0] * 3, many(2))
    told = read(Reader(), QUESTION, seen.gathered, seen.scores)
    _, names = signs(seen, seen.scores, told, [1.0] * 3, 0)
    assert seen.names == NAMES
    assert first.names == tuple(map(plain, NAMES))
    assert last.names == tuple(map(plain, (*NAMES, *AFTER)))
    assert right.names == tuple(map(plain, names))


def plain(name: str) -> str:
    """A feature's name as the models write it."""
    return "".join("_" if letter == " " else letter for letter in name if letter not in ",:")


@pytest.mark.parametrize("answer", ["كلف ترميم الجسر", "كلف ترميم السوق", "بني الجسر القديم"])
def test_what_the_reader_says_answers_is_ranked_first(answer: str) -> None:
    passages = [found("الجسر", BRIDGE, (0.5, 0.5, 0.5, 0.5)), found("السوق", MARKET, (0.5, 0.5, 0.5, 0.5))]
    best = ReadingRanker(ranker(), Reader({answer: ANSWERS}), *weights_of())
    assert texts(best.rank(parse(QUESTION), [1.0] * 3, passages))[0].startswith(answer)


def test_all_sentences_are_ranked_each_once() -> None:
    passages = [found("الجسر", BRIDGE), found("السوق", MARKET)]
    all_ = [span.of(text) for text in (BRIDGE, MARKET) for span in sentences(text, Span(0, len(text)))]
    assert sorted(texts(ranked(Reader(), passages))) == sorted(all_)


def test_the_windows_of_the_best_sentences_are_read_with_their_passage_and_title() -> None:
    reader = Reader()
    ranked(reader, [found("السوق", MARKET, (0.0, 0.0, 0.0, 0.0)), found("الجسر", BRIDGE, (0.0, 0.0, 0.0, 3.0))])
    own = tuple(span.of(BRIDGE) for span in sentences(BRIDGE, Span(0, len(BRIDGE))))
    assert (reader.wanted[0].title, tuple(reader.wanted[0].sentences)) == ("الجسر", own)
    assert reader.wanted[0].numbers == range(2, 4)


def test_no_more_windows_are_read_than_the_bound() -> None:
    reader = Reader()
    ranked(reader, many(20))
    assert len(reader.wanted) == WINDOWS
    assert len({window.title for window in reader.wanted}) == WINDOWS


def test_where_the_first_order_is_sure_no_more_is_read_than_it_needs() -> None:
    reader = Reader()
    sure = found("الجسر", "كلف ترميم الجسر مليوني دينار. وعاد الناس.", (1.0, -9.0))
    rest = [found(f"خبر {at}", f"عاد الناس {at}. ثم ذهبوا {at}.", (-9.0, -9.0)) for at in range(1)]
    ranked(reader, [*rest, sure])
    assert [window.title for window in reader.wanted] == ["الجسر"]


def test_a_window_is_read_once_though_several_of_its_sentences_are_good() -> None:
    reader = Reader()
    ranked(reader, [found("الجسر", BRIDGE, (0.0, 0.0, 0.0, 0.0))])
    assert [window.numbers for window in reader.wanted] == [range(2), range(2, 4)]


def test_what_is_said_of_words_stays_with_its_sentence_and_is_none_where_nothing_was_read() -> None:
    best = ranked(Reader({"وافتتحه": ANSWERS}), [found("الجسر", BRIDGE, (0.0, 0.0, 0.0, 0.0)), *many(12)])
    assert best.candidates[0].text.startswith("وافتتحه")
    for place, candidate in enumerate(best.candidates):
        words = best.read_words(place)
        assert words is None or [span.of(candidate.text) for span, _ in words] == [candidate.text.split()[0]]
    assert [best.read_words(place) is None for place in range(len(best.candidates))].count(False) == 2 * WINDOWS


def test_a_passage_within_a_document_is_read_at_its_own_place() -> None:
    text = f"{MARKET}\n\n{BRIDGE}"
    second = found("خبر", text, (0.0, 0.0, 0.0, 3.0), start=len(MARKET) + 2)
    best = ranked(Reader({"وحضر": ANSWERS}), [second])
    assert best.candidates[0].text == best.candidates[0].span.of(text) == "وحضر أهل البلدة."


@settings(deadline=None, derandomize=True, database=None, max_examples=40)
@given(st.lists(st.floats(-15, 15), min_size=1, max_size=12))
def test_probabilities_never_rise_along_the_ranking(scores: list[float]) -> None:
    passages = [found(f"خبر {at}", f"كلف الترميم مبلغ{at}. ثم عاد.", (0.0, 0.0)) for at in range(len(scores))]
    best = ranked(Reader({f"مبلغ{at}.": score for at, score in enumerate(scores)}), passages)
    places = range(len(best.candidates))
    probabilities = [best.probability(place) for place in places]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 <= one <= 1 for one in probabilities)
    assert best.confidence == probabilities[0]
    assert len(best.probabilities) == min(JUDGED, len(places))


def test_how_near_is_not_known_counts_as_the_farthest_that_is() -> None:
    passages = [found("الجسر", BRIDGE, (0.5, -0.25, 0.75, 0.0)), found("السوق", MARKET)]
    seen = known(ranker(), parse(QUESTION), [1.0] * 3, passages)
    assert seen.nearness.tolist() == [0.5, -0.25, 0.75, 0.0, *[-0.25] * 4]
    assert seen.compared.tolist() == [True] * 4 + [False] * 4
    none = known(ranker(), parse(QUESTION), [1.0] * 3, passages[1:])
    assert none.nearness.tolist() == [0.0] * 4
    assert np.isfinite(none.before).all()


def test_two_versions_of_one_document_are_two_passages() -> None:
    """While a document is replaced on disk, both may be found."""
    whole = BRIDGE.replace(". ", "، ")
    versions = [found("الجسر", BRIDGE, (0.1, 0.2, 0.3, 0.4)), found("الجسر", whole, (0.9,))]
    assert len(whole) == len(BRIDGE)
    seen = known(ranker(), parse(QUESTION), [1.0] * 3, versions)
    assert seen.nearness.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.9])
    best = ranked(Reader({"بني الجسر القديم في المدينة،": ANSWERS}), versions)
    assert best.candidates[0].text == whole


def test_passages_at_the_same_place_of_two_documents_are_others_to_each_other() -> None:
    passages = [
        found("a", BRIDGE, (0.5, 0.25, 0.0, 0.0)),
        found("b", BRIDGE.replace("مليوني", "مليونا"), (0.0, 0.5, 0.0, 0.0)),
    ]
    seen = known(ranker(), parse(QUESTION), [1.0] * 3, passages)
    told = read(Reader({"مليوني": ANSWERS, "مليونا": 4.0}), QUESTION, seen.gathered, seen.nearness)
    values, names = signs(seen, seen.scores, told, [1.0] * 3, 1)
    said = dict(zip(names, values[0], strict=True))
    assert said["answers, beyond other passages"] == ANSWERS - 4.0
    assert said["nearness, beyond other passages"] == -0.25


@pytest.mark.parametrize("score", [-float("inf"), -1e9, 1e9])
def test_whatever_the_reader_says_is_weighed(score: float) -> None:
    best = ranked(Reader({"كلف": score}), [found("الجسر", BRIDGE), found("السوق", MARKET)])
    assert np.isfinite(best.scores).all()
    assert 0 <= best.confidence <= 1


def test_what_was_not_read_counts_as_no_answer() -> None:
    seen = known(ranker(), parse(QUESTION), [1.0] * 3, many(12))
    told = read(Reader({"كلف": ANSWERS}), QUESTION, seen.gathered, seen.nearness)
    assert told.is_read.sum() == 2 * WINDOWS
    assert set(told.answers[~told.is_read]) == {UNREAD}
    assert told.words.keys() == set(np.flatnonzero(told.is_read))


@pytest.fixture
def three() -> Ranked:
    """Three candidates at scores that fall by one."""
    gathered = ranked(Reader(), [found("الجسر", BRIDGE)])
    return replace(gathered, candidates=gathered.candidates[:3], scores=(2.0, 1.0, 0.0), words=(), confidence=0.8)


def test_a_probability_that_was_not_measured_falls_with_the_score(three: Ranked) -> None:
    by_words = replace(three, probabilities=())
    assert [by_words.probability(place) for place in range(3)] == pytest.approx([0.8, 0.8 / np.e, 0.8 / np.e**2])
    assert by_words.read_words(0) is None


def test_a_probability_is_the_measured_one_and_beyond_them_falls_from_the_last(three: Ranked) -> None:
    measured = replace(three, probabilities=(0.8, 0.3))
    assert [measured.probability(place) for place in range(3)] == pytest.approx([0.8, 0.3, 0.3 / np.e])


def test_a_probability_never_rises_where_a_score_does(three: Ranked) -> None:
    assert replace(three, probabilities=(0.8,), scores=(0.0, 1.0, 5.0)).probability(2) == 0.8
