"""What the networks are trained on: the questions of the part SEEN, and those written for training, with what is found.

Takes FOLDER's sets and ``questions/``; asks the product of the documents of that part and the news that is trained on,
by words, and where networks are trained further by vectors too, and cuts what it finds into the pieces of
``pieces.txt``. Gives ``examples.pkl``, a list of Example. A question whose paragraph is not found gets it as one more
passage.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from benchmarks.question_sets import NATIVE, SEEN, Written, cases_of, everything, part_of_document, sets_in
from benchmarks.reading.asking import Heard, heard, make_vectors, of_words, spread, with_vectors
from benchmarks.reading.work import Work, counted, keep, processes, say
from benchmarks.reading.written import NEWS, PASSAGES, cases, documents
from retrieval.corpus.snapshot import Corpus
from retrieval.evaluation import Case, is_right, plain
from retrieval.model import Document, Span
from retrieval.ranking import reading
from retrieval.ranking.networks import Network
from retrieval.ranking.ranker import ranker
from retrieval.reader.pieces import Pieces, normal
from retrieval.segmentation import sentences

OF_PASSAGES, OF_NEWS, OF_SETS = "passages", "news", "sets"  # groups of questions
_FAR = -9.0  # the score by words of what words did not find
_NO_LETTER = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was found, by its sentences. ``title`` and ``sentences``: their pieces. ``scores``: by words, or,
    where networks are trained further, in the first order, by which the reader is given them. ``answers``: whether it
    is the one that answers; ``holds``: whether the words of an answer stand in it. ``marks``: of those that answer, for
    each piece, 1 where it is of a word of the answer. ``is_missed``: nobody found it."""

    document: str
    title: list[int]
    sentences: list[list[int]]
    scores: list[float]
    answers: list[bool]
    holds: list[bool]
    marks: dict[int, list[int]] = field(default_factory=dict)
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A question, as it is searched for, with its passages. ``group``: of where it is from, as the networks are shown
    questions of each."""

    text: str
    document: str | None
    group: str
    answerable: bool
    passages: tuple[Passage, ...]

    @property
    def is_answered(self) -> bool:
        """Whether any of the passages answers."""
        return any(any(passage.answers) for passage in self.passages)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process asks."""

    work: Work
    number: int


def run(work: Work) -> None:
    """Asks all, and writes the examples."""
    with processes(work.processes) as pool:
        if work.is_further:
            pool.submit(make_vectors, [*everything(work.folder), *documents(*NEWS)], work.vectors).result()
        shares = pool.map(_asked, (_Share(work, number) for number in range(work.processes)))
        found = [example for share in shares for example in share]
    kinds = Counter((one.group, one.answerable, one.is_answered) for one in found)
    say(f"{len(found)} examples (group, answerable, answered): {dict(kinds)}")
    keep(work.examples, found)


def trained_on(work: Work) -> Iterator[tuple[str, Case]]:
    """The questions, each with its group: those of the sets; those that were written in Arabic for this project, and of
    these those of news."""
    for name in sets_in(work.folder):
        yield from ((OF_SETS, case) for case in cases_of(work.folder, name, [SEEN]))
    if (work.folder / f"{NATIVE}.jsonl").is_file():
        yield from ((OF_PASSAGES, case) for case in cases_of(work.folder, NATIVE, [SEEN]))
        yield from ((OF_PASSAGES, case) for case in cases(work.folder, PASSAGES))
        yield from ((OF_NEWS, case) for name in NEWS for case in cases(work.folder, name))


def _asked(share: _Share) -> list[Example]:
    """The examples of one process's share of the questions."""
    work = share.work
    seen = [row for row in everything(work.folder) if part_of_document(work.folder, row["id"]) == SEEN]
    with _corpus(work, [*seen, *documents(*NEWS)]) as corpus:
        return _examples(share, corpus)


@contextmanager
def _corpus(work: Work, held: Sequence[dict[str, str]]) -> Iterator[Corpus]:
    """What is asked: by words alone, or by vectors too where there are some to train further."""
    if not work.is_further:
        yield of_words(held)
        return
    with with_vectors(held, work.vectors) as corpus:
        yield corpus


def _examples(share: _Share, corpus: Corpus) -> list[Example]:
    work = share.work
    pieces = Pieces.read(work.pieces.read_text("utf-8"))
    first = reading.weights_of()[0] if work.is_further else None
    asked = sorted(trained_on(work), key=lambda one: spread(one[1]))[share.number :: work.processes]
    told, found = counted(f"examples, {share.number + 1} of {work.processes}", 256), []
    for group, case in asked:
        own = heard(corpus, case)
        passages = list(_found(pieces, case, own, first))
        if case.answers and not any(any(passage.answers) for passage in passages):
            passages += _missed(pieces, case, corpus.documents.get(case.document or ""))
        found.append(Example(own.question.text, case.document, group, case.answerable, tuple(passages)))
        told(len(found), len(asked))
    return found


def _found(pieces: Pieces, case: Case, own: Heard, first: Network | None) -> Iterator[Passage]:
    """The passages that the product found, in its order. ``first``: what scores their sentences; without it, words
    do."""
    if not own.found:
        return
    known = reading.known(ranker(), own.question, own.weights, own.found)
    scores = first.scores(known.before) if first else known.scores
    scored = zip(known.gathered.sentences, scores, strict=True)
    for _, group in groupby(scored, key=lambda one: (one[0].document.id, one[0].passage)):
        rows = [(candidate, float(score)) for candidate, score in group]
        document = rows[0][0].document
        yield _passage(pieces, case, document, [c.span for c, _ in rows], [score for _, score in rows])


def _missed(pieces: Pieces, case: Case, document: Document | None) -> Iterator[Passage]:
    """The paragraph that answers, where the product did not find it."""
    start = document.text.find(case.context or "") if document and case.context else -1
    if document and start >= 0:
        spans = list(sentences(document.text, Span(start, start + len(case.context or ""))))
        passage = _passage(pieces, case, document, spans, [_FAR] * len(spans), is_missed=True)
        if any(passage.answers):
            yield passage


def _passage(
    pieces: Pieces,
    case: Case,
    document: Document,
    spans: Sequence[Span],
    scores: list[float],
    *,
    is_missed: bool = False,
) -> Passage:
    texts = [span.of(document.text) for span in spans]
    answers = [is_right(case, text) and is_meant(case, document, span) for text, span in zip(texts, spans, strict=True)]
    return Passage(
        document=document.id,
        title=pieces.of(document.title),
        sentences=[pieces.of(text) for text in texts],
        scores=scores,
        answers=answers,
        holds=[any(plain(answer) in plain(text) for answer in case.answers) for text in texts],
        marks={at: marks(pieces, texts[at], case.answers) for at, is_own in enumerate(answers) if is_own},
        is_missed=is_missed,
    )


def is_meant(case: Case, document: Document, span: Span) -> bool:
    """Whether a sentence is where the writer of a question read the answer; any is, where that was not written down."""
    if not isinstance(case, Written) or not case.sentence:
        return True
    start = document.text.find(case.sentence)
    return document.id == case.document and 0 <= start < span.end and span.start < start + len(case.sentence)


def marks(pieces: Pieces, text: str, answers: Iterable[str]) -> list[int]:
    """For each piece of a text, 1 where it is of a word of an answer, in the first place where that stands: its first
    word may have a clitic before it there, its last one after it."""
    words = normal(text).split()
    bare = [_bare(word) for word in words]
    marked: set[int] = set()
    for answer in answers:
        wanted = [word for word in map(_bare, normal(answer).split()) if word]
        places = range(len(bare) - len(wanted) + 1) if wanted else ()
        start = next((at for at in places if _stands(wanted, bare[at : at + len(wanted)])), None)
        if start is not None:
            marked.update(range(start, start + len(wanted)))
    return [int(at in marked) for at, word in enumerate(words) for _ in pieces.of_word(word)]


def _stands(wanted: Sequence[str], held: Sequence[str]) -> bool:
    if len(wanted) == 1:
        return held[0].endswith(wanted[0])
    return held[0].endswith(wanted[0]) and held[-1].startswith(wanted[-1]) and held[1:-1] == wanted[1:-1]


def _bare(word: str) -> str:
    return _NO_LETTER.sub("", plain(word))
