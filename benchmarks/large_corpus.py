"""Makes a large corpus to measure with: articles of invented text whose words are as common as in real Arabic.

    python benchmarks/large_corpus.py 31000 FOLDER            a .txt file for each article
    python benchmarks/large_corpus.py 1000000 FILE.jsonl      a line for each

The method: words are drawn by their frequency in wordfreq's large Arabic list (data CC BY-SA 4.0; nothing of it is
shipped). Each article has a subject: rare words that it uses again and again, and names in its title. Sentences have 8
to 24 words, paragraphs 60 to 100, an article four of them: about 1,700 characters. The same seed gives the same
articles. It says nothing of quality: of time, memory and size only.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

PARAGRAPHS = 4
PARAGRAPH_WORDS = (60, 100)
SENTENCE_WORDS = (8, 24)
SUBJECT_WORDS, OF_SUBJECT = 12, 0.12  # how many, and what share of an article's words
COMMON = 2000  # ranks of words that are nobody's subject
FIRST_DAY, DAYS = date(2010, 1, 1), 5000
IN_A_FOLDER = 1000


def articles(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """So many articles, as the lines of a ``.jsonl`` corpus."""
    rng = random.Random(seed)  # noqa: S311  (for measuring, not for secrets)
    words, weights = _words()
    for number in range(count):
        subject = [words[rng.randrange(COMMON, len(words))] for _ in range(SUBJECT_WORDS)]
        drawn = iter(rng.choices(words, cum_weights=weights, k=PARAGRAPHS * PARAGRAPH_WORDS[1] + 1))
        mixed = (rng.choice(subject) if rng.random() < OF_SUBJECT else word for word in drawn)
        text = "\n\n".join(_paragraph(rng, mixed) for _ in range(PARAGRAPHS))
        published = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
        title = " ".join(subject[:5])
        yield {"id": f"a{number}", "title": title, "text": f"{title}\n\n{text}", "published": published.isoformat()}


def _words() -> tuple[list[str], list[float]]:
    """The words, the commonest first, and the sums of their frequencies."""
    from wordfreq import get_frequency_dict  # needs the extra "train"

    frequencies = get_frequency_dict("ar", wordlist="large")
    arabic = {word: often for word, often in frequencies.items() if word.isalpha() and "ء" <= word[0] <= "ي"}
    ordered = sorted(arabic, key=lambda word: (-arabic[word], word))
    return ordered, list(accumulate(arabic[word] for word in ordered))


def _paragraph(rng: random.Random, words: Iterator[str]) -> str:
    left = rng.randint(*PARAGRAPH_WORDS)
    sentences = []
    while left > 0:
        size = min(left, rng.randint(*SENTENCE_WORDS))
        sentences.append(" ".join(word for word, _ in zip(words, range(size), strict=False)) + ".")
        left -= size
    return " ".join(sentences)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int)
    parser.add_argument("target", type=Path, help="a folder, or a file that ends in .jsonl")
    wanted = parser.parse_args()
    if wanted.target.suffix == ".jsonl":
        with wanted.target.open("w", encoding="utf-8") as file:
            for article in articles(wanted.articles):
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
        return
    for number, article in enumerate(articles(wanted.articles)):
        folder = wanted.target / f"{number // IN_A_FOLDER:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{article['id']}.txt").write_text(article["text"], "utf-8")
        (folder / f"{article['id']}.txt.toml").write_text(f"published = {article['published']}\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
