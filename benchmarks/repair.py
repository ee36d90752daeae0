"""What repair does to words: correct ones stay, and slips of the corpus's own words are mended.

    pip install -e '.[train]' && python benchmarks/repair.py FOLDER [--articles 300] [--slips 1000] [--seed N] [--list]

The corpus is so many articles of the pool. Asked are the 50,000 commonest words of wordfreq's Arabic list, every word
of the question sets, each by itself, and so many words of the articles with one letter slipped: substituted, left
out, added, or changed with the next. Prints how many were changed, and of the slips how many were mended: to the
very word, to one of its stem, to another. ``--list`` prints each word that was changed, to be read.
"""

import re
from collections.abc import Iterable, Sequence
from random import Random

from question_sets import NATIVE, NOMIRACL, POOL, SETS, markdown, parser, rows
from variants import LETTERS, SHORTEST, slip
from wordfreq import top_n_list

from retrieval.arabic.analysis import stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.words import words
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.question.mending import mended

COMMONEST = 50_000
_LONG = re.compile(f"[{LETTERS}]{{{SHORTEST},}}")
Pairs = list[tuple[str, str]]


def vocabulary_of(texts: Iterable[str]) -> Vocabulary:
    """The words of texts, as a corpus of them has them."""
    counts = WordCounts()
    for text in texts:
        counts.add(text)
    return counts.vocabulary()


def changed(listed: Iterable[str], vocabulary: Vocabulary) -> Pairs:
    """The words that repair changes, with what it makes of each."""
    pairs = ((word, mended(word, vocabulary)) for word in listed)
    return [(word, made) for word, made in pairs if word != made]


def written(text: str) -> list[str]:
    """The words of a text, as they stand there."""
    return [text[word.start : word.end] for word in words(text)]


def slipped(texts: Sequence[str], count: int, random: Random) -> Pairs:
    """So many words of texts, the commoner the more often, each with what a slip makes of it."""
    long = [word for text in texts for word in written(text) if _LONG.fullmatch(word)]
    found: Pairs = []
    while len(found) < count:
        word = random.choice(long)
        other = slip(word, random)
        if fold_text(other) != fold_text(word):
            found.append((word, other))
    return found


def main() -> None:
    """Prints the figures, and the words that were changed where they are asked for."""
    arguments = parser(__doc__)
    arguments.add_argument("--articles", type=int, default=300)
    arguments.add_argument("--slips", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=19)
    arguments.add_argument("--list", action="store_true", help="print each word that was changed")
    given = arguments.parse_args()
    random = Random(given.seed)  # noqa: S311  # no secret
    texts = [f"{row['title']}\n{row['text']}" for row in random.sample(rows(given.folder / POOL), given.articles)]
    vocabulary = vocabulary_of(texts)
    sets = [path for name in (*SETS, NATIVE, NOMIRACL) if (path := given.folder / f"{name}.jsonl").is_file()]
    asked = list(dict.fromkeys(word for path in sets for row in rows(path) for word in written(row["question"])))
    common = top_n_list("ar", COMMONEST)
    found = {"commonest words": changed(common, vocabulary), "words of questions": changed(asked, vocabulary)}
    table = [[name, str(of), str(len(found[name]))] for name, of in zip(found, map(len, (common, asked)), strict=True)]
    print(markdown(["asked", "words", "changed"], table), end="\n\n")
    slips = [(meant, other, mended(other, vocabulary)) for meant, other in slipped(texts, given.slips, random)]
    same = [[f(made) == f(meant) for f in (fold_text, _stem)] for meant, _, made in slips]
    left = sum(made == other for _, other, made in slips)
    right, of_stem = (sum(column) for column in zip(*same, strict=True))
    wrong = sum(made != other and not alike for (_, other, made), (_, alike) in zip(slips, same, strict=True))
    cells = [str(number) for number in (len(slips), right, of_stem, left, wrong)]
    print(markdown(["slips", "the very word", "or of its stem", "left", "another word"], [cells]))
    if given.list:
        for name, pairs in found.items():
            print(f"\n{name}:", *(f"{word} → {made}" for word, made in pairs), sep="\n")


def _stem(word: str) -> str:
    return stem(fold_text(word))


if __name__ == "__main__":
    main()
