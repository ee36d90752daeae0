"""How answers look on a phone of 360 px: the lines of each card, and whether the words that answer are seen unopened.

    python benchmarks/cards.py CORPUS QUESTIONS [--answers 200] [--page FILE]

QUESTIONS are JSON lines with "question", asked of CORPUS in their order until so many were answered. Each card is read
by the strict parser of the tests, then drawn by Chromium (``chromium`` in the PATH) in a bubble like Telegram's: 16 px,
quotes that a reader may open folded to three lines. How wide letters are depends on the fonts of the machine. Prints
a table; ``--page`` keeps the page that was drawn.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from pathlib import Path
from statistics import quantiles

from bot.phrases import phrases
from bot.showing.cards import Card, cards
from bot.showing.promise import check
from retrieval import Library

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from telegram_html import parse

LINE = 22  # px, of a message's text
SAYS = phrases("ar")
PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; width: 360px; font: 16px/22px Roboto, "Noto Sans Arabic", "DejaVu Sans", sans-serif }
.card { width: 280px; margin: 8px 10px; padding: 6px 10px; white-space: pre-wrap; overflow-wrap: break-word }
.card, blockquote { unicode-bidi: plaintext; text-align: start }
blockquote { margin: 0; padding: 0 11px 0 8px; display: block; border-inline-start: 3px solid }
.folded { max-height: 66px; overflow: hidden }
</style><body>%s<pre id="told"></pre><script>
const told = [...document.querySelectorAll(".card")].map(card => {
  for (const quote of card.querySelectorAll("blockquote[expandable]"))
    if (quote.clientHeight > 3 * LINE) quote.classList.add("folded");
  const marks = [...card.querySelectorAll("blockquote b")];
  const seen = mark => {
    const quote = mark.closest("blockquote").getBoundingClientRect();
    // by the middle of each line: the box of a tall font reaches beyond it
    return [...mark.getClientRects()].every(box => (box.top + box.bottom) / 2 <= quote.bottom);
  };
  const style = getComputedStyle(card);
  const height = card.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  const folded = card.querySelectorAll(".folded").length;
  return [Math.round(height / LINE), marks.length, marks.filter(seen).length, folded];
});
document.getElementById("told").textContent = JSON.stringify(told);
</script>""".replace("LINE", str(LINE))
TOLD = re.compile(r'<pre id="told">(.*?)</pre>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as it was drawn: its lines, its marked stretches, those that are seen, and how many quotes are folded."""

    lines: int
    marked: int
    seen: int
    folded: int


def answers(corpus: Path, questions: Path) -> Iterator[list[Card]]:
    """The cards of each question that is answered."""
    library = Library.open(corpus)
    for line in questions.read_text("utf-8").splitlines():
        answer = library.ask(json.loads(line)["question"], k=4)
        if answer.found:
            made = cards(answer, SAYS)
            for card in made:
                check(card, card.quotes)
                parse(card.html)
            yield made
    library.close()


def drawn(made: Sequence[Card], page: Path) -> list[Drawn]:
    """Cards as Chromium draws them on a page."""
    bodies = (card.html.replace("</blockquote>\n", "</blockquote>") for card in made)  # a quote ends its own line
    page.write_text(PAGE % "".join(f'<div class="card" dir="auto">{body}</div>' for body in bodies), "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.resolve().as_uri()]
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    found = TOLD.search(shown)
    if found is None:
        raise SystemExit("the page was not drawn")
    return [Drawn(*figures) for figures in json.loads(unescape(found[1]))]


def rows(made: Iterable[Sequence[Card]], each: Sequence[Drawn]) -> Iterator[tuple[str, str]]:
    """What is measured, and its figure."""
    lines = [one.lines for one in each]
    marked = [one for one in each if one.marked]
    yield "answers", str(len(list(made)))
    yield "cards", str(len(each))
    yield "cards with marked words", str(len(marked))
    yield "of these, all marked words seen unopened", str(sum(one.seen == one.marked for one in marked))
    yield "folded cards", str(sum(one.folded > 0 for one in each))
    middle, most = quantiles(lines, n=2)[0], quantiles(lines, n=10)[-1]
    yield "lines, median · p90 · most", f"{middle:.0f} · {most:.0f} · {max(lines)}"


def main() -> None:
    """Draws and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    made = list(islice(answers(given.corpus, given.questions), given.answers))
    with tempfile.TemporaryDirectory() as folder:
        page = given.page or Path(folder) / "cards.html"
        each = drawn([card for some in made for card in some], page)
    for name, figure in rows(made, each):
        print(f"{name:45} {figure}")


if __name__ == "__main__":
    main()
