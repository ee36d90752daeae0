"""How well quotations are checked, and how fast, on 300 texts that are made here and those that were written by hand.

    python benchmarks/verifying.py FOLDER [--seed N] [--wrong] [--engine memory|disk] [--passages N] [--keep DIR]

FOLDER holds ``pool.jsonl`` and ``native_documents.jsonl``. One document in ten is held back: what is made of those is
"from elsewhere", unless another document has it too. The other texts are one to three sentences in a row, written in
another spelling, altered by one to three words, or pieced together; how that is done is told below and uses nothing of
what is measured. The texts by hand are in ``tests/data/verifying``, over documents of their own. ``--wrong`` shows
each that was judged otherwise. ``--passages``: so many are made beside them, of words as common as in the documents;
``--keep``: where they and their index stay for another time, by itself in a folder that goes.
"""

import random
import re
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from question_sets import NATIVE_DOCUMENTS, POOL, markdown, parser, rows, write

from retrieval import Library
from retrieval.model import Verdict

ROOT = Path(__file__).parent.parent
WRITTEN = ROOT / "tests" / "data" / "verifying"
EACH = 75
HELD_BACK = 10
WORDS = (8, 45)
LONG = 300  # words of the texts that are timed
TIMED = 100
PARAGRAPHS, PARAGRAPH, SENTENCE = 4, 80, 16  # of an article that is made: paragraphs, words of each, of a sentence

_SENTENCE = re.compile(r"(?:(?<=[.!?؟]\s)|(?<=\n)|^)(?:[^.!?؟\n]|\.(?=\S)){30,400}[.!?؟](?=\s|$)")
_WORD = re.compile(r"[ء-ي]{3,}")
_MARKS = "\u064e\u064f\u0650\u0652"
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FLOORS = {"exact": 0.97, "spelling": 0.97, "altered": 0.95, "pieced": 0.85, "absent": 0.97}
NAMED = 0.9


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what it is, and the words that tell where it was altered: its own, or those that it dropped."""

    text: str
    kind: str
    words: tuple[str, ...] = ()


Document = dict[str, Any]
Rng = random.Random


def made(kept: Sequence[Document], held_back: Sequence[Document], seed: int) -> Iterator[Case]:
    """The texts that are made: as many of each kind, of which a third of those in other spelling are as they were."""
    rng = Rng(seed)
    here, away = [_stretches(document) for document in kept], [_stretches(document) for document in held_back]
    here, away = [one for one in here if one], [one for one in away if one]
    whole = _flat("\n".join(document["text"] for document in kept))
    vocabulary = sorted({word for document in kept for word in _WORD.findall(document["text"])})
    yield from (Case(rng.choice(rng.choice(here)), "exact") for _ in range(EACH // 3))
    yield from _some(EACH - EACH // 3, lambda: _spelled(rng.choice(rng.choice(here)), rng))
    yield from _some(EACH, lambda: _altered(rng.choice(rng.choice(here)), vocabulary, rng))
    yield from _some(EACH, lambda: _pieced(here, rng, whole))
    yield from _some(EACH, lambda: _elsewhere(rng.choice(rng.choice(away)), whole))


def _some(count: int, make: Callable[[], Case | None]) -> Iterator[Case]:
    while count:
        if case := make():
            yield case
            count -= 1


def _stretches(document: Document) -> list[str]:
    """Sentences of a document, alone and two or three in a row."""
    found = [m for m in _SENTENCE.finditer(document["text"]) if WORDS[0] <= len(m.group().split()) <= WORDS[1]]
    runs = [(first, last) for size in (0, 1, 2) for first, last in zip(found, found[size:], strict=False)]
    near = [
        (a, b) for a, b in runs if b.end() - a.start() <= 900 and "\n\n" not in document["text"][a.start() : b.end()]
    ]
    return [document["text"][a.start() : b.end()].strip() for a, b in near]


def _flat(text: str) -> str:
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


# Another spelling


def _spelled(text: str, rng: Rng) -> Case | None:
    other = text
    for way in rng.sample(_WAYS, 3):
        other = way(other, rng)
    return Case(other, "spelling") if _flat(other) != _flat(text) else None


def _each_word(change: Callable[[str], str]) -> Callable[[str, Rng], str]:
    return lambda text, _: re.sub(r"[ء-ْ]+", lambda found: change(found.group()), text)


def _marked(text: str, rng: Rng) -> str:
    marked = lambda found: found.group() + (rng.choice(_MARKS) if rng.random() < 0.2 else "")  # noqa: E731
    return re.sub(r"[ب-غف-ن](?=[ء-ي])", marked, text)


def _drawn_out(text: str, rng: Rng) -> str:
    drawn = lambda found: found.group() + ("ـ" * rng.randint(1, 3) if rng.random() < 0.1 else "")  # noqa: E731
    return re.sub(r"[بتثجحخسشصضطظعغفقكلمنهي](?=[ء-ي])", drawn, text)


_WAYS: list[Callable[[str, Rng], str]] = [
    _each_word(lambda word: re.sub("[أإآ]", "ا", word)),
    _each_word(lambda word: re.sub("[\u064b-\u0652]", "", word)),
    _each_word(lambda word: re.sub("ة$", "ه", word)),
    _each_word(lambda word: re.sub("(?<=..)ي$", "ى", word) if word not in _NOT_YEH else word),
    _each_word(lambda word: re.sub("(?<=..)ى$", "ي", word) if word not in _NOT_YEH else word),
    _each_word(lambda word: re.sub("(?<=.)ؤ(?=[وا])", "ئ", word)),
    lambda text, _: text.translate(_DIGITS),
    lambda text, _: text.replace("،", ",").replace("؛", ";"),
    lambda text, _: re.sub(r"[،؛:«»\"]", "", text),
    _marked,
    _drawn_out,
]
_NOT_YEH = {"على", "علي", "وعلى", "وعلي", "لدى", "لدي"}


# Altered


def _altered(text: str, vocabulary: Sequence[str], rng: Rng) -> Case | None:
    words = text.split(" ")
    places = [at for at, word in enumerate(words[:-1]) if at and (word.isalnum() or word.isdigit())]
    if len(places) < 6:
        return None
    changed = list[str]()
    for at in sorted(rng.sample(places, rng.randint(1, 3)), reverse=True):
        how = rng.choice(("replace", "replace", "add", "drop", "turn"))
        number = re.fullmatch(r"\d+", words[at])
        if number:
            words[at] = str(int(words[at]) + rng.choice((1, 2, 10, 100)))
            changed.append(words[at])
        elif how == "replace":
            words[at] = _other(words[at], vocabulary, rng)
            changed.append(words[at])
        elif how == "add":
            words.insert(at, _other(words[at], vocabulary, rng))
            changed.append(words[at])
        elif how == "turn":
            words.insert(at, rng.choice(("لا", "لم", "غير", "ليس")))
            changed.append(words[at])
        else:
            changed.append(words.pop(at))
    return Case(" ".join(words), "altered", tuple(changed))


def _other(word: str, vocabulary: Sequence[str], rng: Rng) -> str:
    while True:
        other = rng.choice(vocabulary)
        if other[:2] != word[:2]:
            return other


# Pieced together, and from elsewhere


def _pieced(here: Sequence[Sequence[str]], rng: Rng, whole: str) -> Case | None:
    one, other = rng.choice(here), rng.choice(here)
    how = rng.choice(("documents", "halves", "sentences"))
    if how == "sentences":
        other = one
    first, second = rng.choice(one), rng.choice(other)
    if how == "halves":
        head, tail = first.split(), second.split()
        text = " ".join([*head[: len(head) // 2 + 1], *tail[len(tail) // 2 :]])
    else:
        text = f"{first} {second}"
    overlap = first in second or second in first or _flat(text) in whole
    return None if overlap or first[-25:] in second or second[:25] in first else Case(text, "pieced")


def _elsewhere(text: str, whole: str) -> Case | None:
    words = text.split()
    runs = (" ".join(words[at : at + 5]) for at in range(len(words) - 4))
    return None if any(run in whole for run in runs) else Case(text, "absent")


# Passages beside


def beside(documents: Sequence[Document], passages: int, seed: int) -> Iterator[Document]:
    """Articles of so many passages together, of words drawn as often as the documents have them."""
    rng = Rng(seed)
    often = Counter(word for document in documents for word in document["text"].split())
    words, sums = list(often), list(accumulate(often.values()))
    for number in range(passages // PARAGRAPHS):
        drawn = rng.choices(words, cum_weights=sums, k=PARAGRAPHS * PARAGRAPH)
        lines = [" ".join(drawn[at : at + SENTENCE]) + "." for at in range(0, len(drawn), SENTENCE)]
        each = PARAGRAPH // SENTENCE
        text = "\n\n".join(" ".join(lines[at : at + each]) for at in range(0, len(lines), each))
        yield {"id": f"beside-{number}", "title": " ".join(drawn[:4]), "text": text}


# Figures


def written() -> list[Case]:
    """The texts that were written by hand, over documents of their own."""
    return [Case(one["text"], one["kind"], tuple(one.get("words", ()))) for one in rows(WRITTEN / "texts.jsonl")]


def names(verdict: Verdict, word: str) -> bool:
    """Whether a change has an altered word, in the text or in its source."""
    for sentence in verdict.sentences:
        for change in sentence.changes:
            shown = [verdict.text[change.start : change.end]]
            shown += [quote.document.text[change.source_start : change.source_end] for quote in sentence.quotes]
            if any(word in one for one in shown):
                return True
    return False


def measured(library: Library, cases: Sequence[Case], *, wrong: bool) -> tuple[Counter[str], Counter[str]]:
    """How many of each kind there are, and how many were judged right; "named" counts altered words."""
    count, right = Counter[str](), Counter[str]()
    for case in cases:
        verdict = library.verify(case.text)
        count[case.kind] += 1
        right[case.kind] += verdict.kind == case.kind
        right["falsely exact"] += verdict.kind == "exact" != case.kind
        if wrong and verdict.kind != case.kind:
            print(f"{case.kind} → {verdict.kind}: {case.text}")
            print("   ", [(c.kind, verdict.text[c.start : c.end]) for s in verdict.sentences for c in s.changes])
        for word in case.words:
            count["named"] += 1
            is_named = names(verdict, word)
            right["named"] += is_named
            if wrong and not is_named:
                print(f"not named, {word}: {case.text}")
    return count, right


def timed(library: Library, documents: Sequence[Document], seed: int) -> list[float]:
    """Milliseconds of the processor for texts of LONG words, half of them altered at each tenth, fastest first."""
    rng = Rng(seed)
    texts = [words for document in documents if len(words := document["text"].split(" ")) > LONG]
    times = []
    for number in range(TIMED):
        words = rng.choice(texts)
        at = rng.randrange(len(words) - LONG)
        text = [word if at % 10 or number % 2 else "خرافة" for at, word in enumerate(words[at : at + LONG])]
        began = time.process_time()
        library.verify(" ".join(text))
        times.append(1000 * (time.process_time() - began))
    return sorted(times)


def main() -> int:
    """The command line."""
    arguments = parser(__doc__)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--wrong", action="store_true")
    arguments.add_argument("--passages", type=int, default=0)
    arguments.add_argument("--engine", default="memory", choices=["memory", "disk"])
    arguments.add_argument("--keep", type=Path, metavar="DIR")
    wanted = arguments.parse_args()
    documents = [row for name in (POOL, NATIVE_DOCUMENTS) for row in rows(wanted.folder / name)]
    kept = [one for number, one in enumerate(documents) if number % HELD_BACK]
    with nullcontext(wanted.keep) if wanted.keep else tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        if not corpus.exists():
            corpus.mkdir(parents=True)
            write(corpus / "kept.jsonl", kept)
            write(corpus / "beside.jsonl", beside(kept, wanted.passages, wanted.seed))
        library = Library.open(corpus, engine=wanted.engine, index=Path(folder) / "index", reader=False)
        cases = list(made(kept, documents[::HELD_BACK], wanted.seed))
        count, right = measured(library, cases, wrong=wanted.wrong)
        times = timed(library, kept, wanted.seed)
        middle, most = times[len(times) // 2], times[int(0.95 * len(times))]
        print(f"{library.passages:,} passages, {library.engine}: of the processor {LONG} words take")
        print(f"{middle:.0f} ms in the middle, {most:.0f} ms at p95")
        library.close()
    by_hand = Library.open(WRITTEN / "documents", engine="memory", reader=False)
    count_by_hand, right_by_hand = measured(by_hand, written(), wrong=wanted.wrong)
    both_ways = ((count, right), (count_by_hand, right_by_hand))
    table = [[kind, *(f"{r[kind]}/{c[kind]}" for c, r in both_ways)] for kind in (*FLOORS, "named")]
    print(markdown(["kind", "made", "by hand"], table))
    falsely = right["falsely exact"] + right_by_hand["falsely exact"]
    texts = len(cases) + len(written())
    print(f"falsely word for word: {falsely} of {texts}")
    both, all_right = count + count_by_hand, right + right_by_hand
    missed = [kind for kind, floor in {**FLOORS, "named": NAMED}.items() if all_right[kind] < floor * both[kind]]
    print(f"below the floor: {', '.join(missed) or 'none'}")
    return 1 if missed or falsely > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
