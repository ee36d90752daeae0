"""How little other spellings change what is found: each question written as people may write it, asked again.

    python benchmarks/variants.py FOLDER --folds DIR [--json] [--seed N]

Prints quote@1 and para@1 of the questions as they are, and how many points (hundredths) each way of writing adds.
«changed» is the share of the questions that it writes differently.
"""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from question_sets import CORES, judging, markdown, measured, progress, sets_in

from retrieval.evaluation import Case, read_cases

LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
VOWELS = "\u064e\u064f\u0650"  # fatha, damma, kasra
TANWIN = "\u064b\u064c\u064d"
SHADDA, SUKUN, TATWEEL = "\u0651", "\u0652", "\u0640"
BARE = "آاى"  # carry no haraka
UNJOINED = "ءآأؤإادذرزوةى"  # do not join the letter after them
WESTERN, EASTERN = "0123456789", "٠١٢٣٤٥٦٧٨٩"
SHORTEST = 4  # letters of a word in which a letter slips
SLIPS = ("substitute", "delete", "insert", "transpose")

_WORD = re.compile(f"[{LETTERS}]+")
_LONG_WORD = re.compile(f"[{LETTERS}]{{{SHORTEST},}}")
_HAMZAS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و"})
_OTHER_DIGITS = str.maketrans(WESTERN + EASTERN, EASTERN + WESTERN)
_FINAL_YEH = re.compile(rf"[ىي](?![{LETTERS}])")


def harakat(question: str, random: Random) -> str:
    """Full vocalization, of vowels drawn at random: where it stands is right, which it is need not be."""
    return _WORD.sub(lambda word: "".join(_vocalized(word.group(), random)), question)


def _vocalized(word: str, random: Random) -> Iterator[str]:
    for index, letter in enumerate(word):
        yield letter
        is_last = index == len(word) - 1
        if letter in BARE or (index == 0 and word.startswith("ال")):
            continue
        if index > 0 and random.random() < 0.1:
            yield SHADDA
            yield random.choice(VOWELS)
        else:
            yield random.choice(VOWELS + (TANWIN if is_last else "") + (SUKUN if index else ""))


def tatweel(question: str, random: Random) -> str:
    """One to three tatweels after a third of the letters that join the next."""

    def stretched(match: re.Match[str]) -> str:
        return match.group() + TATWEEL * random.randint(1, 3) if random.random() < 1 / 3 else match.group()

    return re.sub(rf"[{LETTERS}](?<![{UNJOINED}])(?=[{LETTERS}])", stretched, question)


def hamzas(question: str, _: Random) -> str:
    """أ إ آ as ا, ؤ as و, ئ as ي (ى at the end of a word), ء dropped at the end of a word."""
    at_end = rf"(?![{LETTERS}])"
    return re.sub(f"ء{at_end}", "", re.sub(f"ئ{at_end}", "ى", question)).replace("ئ", "ي").translate(_HAMZAS)


def teh_marbuta(question: str, _: Random) -> str:
    """ة as ه."""
    return question.replace("ة", "ه")


def final_yeh(question: str, _: Random) -> str:
    """ى as ي and ي as ى at the end of words."""
    return _FINAL_YEH.sub(lambda letter: "ي" if letter.group() == "ى" else "ى", question)


def digits(question: str, _: Random) -> str:
    """012 as ٠١٢, and the other way round."""
    return question.translate(_OTHER_DIGITS)


def slip(question: str, random: Random) -> str:
    """One letter of one long word substituted, deleted, inserted, or changed with the next."""
    found = list(_LONG_WORD.finditer(question))
    if not found:
        return question
    word = random.choice(found)
    return question[: word.start()] + _slipped(word.group(), random) + question[word.end() :]


def _slipped(word: str, random: Random) -> str:
    kind = random.choice(SLIPS)
    if kind == "transpose":
        at = random.choice([i for i in range(len(word) - 1) if word[i] != word[i + 1]] or [0])
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    at = random.randrange(len(word))
    letter = "" if kind == "delete" else random.choice([c for c in LETTERS if c != word[at]])
    return word[:at] + letter + word[at if kind == "insert" else at + 1 :]


def glued(question: str, random: Random) -> str:
    """Two neighbouring words written as one."""
    gaps = [m.start() for m in re.finditer(rf"(?<=[{LETTERS}]) (?=[{LETTERS}])", question)]
    at = random.choice(gaps) if gaps else len(question)
    return question[:at] + question[at + 1 :]


def unchanged(question: str, _: Random) -> str:
    """As it is."""
    return question


VARIANTS: dict[str, Callable[[str, Random], str]] = {
    f.__name__.replace("_", " "): f
    for f in (unchanged, harakat, tatweel, hamzas, teh_marbuta, final_yeh, digits, slip, glued)
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one set gave in one way of writing; shares between 0 and 1."""

    questions: str
    variant: str
    changed: float
    quote_at_1: float
    para_at_1: float


def measure(folder: Path, folds: Path, seed: int, task: tuple[str, str]) -> Measured:
    """Asks one set in one way of writing."""
    questions, variant = task
    change = partial(written, variant, seed)
    found = measured(folder, questions, folds, change)
    cases = read_cases(folder / f"{questions}.jsonl")
    changed = sum(change(case).question != case.question for case in cases) / len(cases)
    return Measured(questions, variant, changed, found.quote_at_1 or 0, found.para_at_1 or 0)


def written(variant: str, seed: int, case: Case) -> Case:
    """A case with its question written in another way: the same for the same seed, whatever else is asked."""
    random = Random(f"{seed}/{variant}/{case.id}")  # noqa: S311  # no secret
    return replace(case, question=VARIANTS[variant](case.question, random))


def table(found: list[Measured], names: list[str]) -> str:
    """A row for each way of writing; for each set the figures, or what they are more or less than unchanged."""
    by = {(m.questions, m.variant): m for m in found}
    header = ["variant", *(f"{name} {column}" for name in names for column in ("changed", "quote@1", "para@1"))]
    return markdown(header, [[v, *(cell for n in names for cell in _cells(by, n, v))] for v in VARIANTS])


def _cells(by: dict[tuple[str, str], Measured], name: str, variant: str) -> list[str]:
    base, now = by[name, "unchanged"], by[name, variant]
    if now is base:
        return ["", f"{base.quote_at_1:.3f}", f"{base.para_at_1:.3f}"]
    pairs = ((now.quote_at_1, base.quote_at_1), (now.para_at_1, base.para_at_1))
    return [f"{now.changed:.2f}", *(f"{100 * (a - b):+.1f}" for a, b in pairs)]


def main() -> None:
    """Asks every set in every way of writing, on two cores."""
    arguments = judging(__doc__)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--json", action="store_true", help="print a JSON line for each set and way of writing")
    given = arguments.parse_args()
    names = sets_in(given.folder)
    tasks = [(name, variant) for name in names for variant in VARIANTS]
    found: list[Measured] = []
    with ProcessPoolExecutor(CORES) as pool:
        for one in pool.map(partial(measure, given.folder, given.folds, given.seed), tasks):
            found.append(one)
            progress(len(found), len(tasks))
    if given.json:
        for m in found:
            print(json.dumps({s: getattr(m, s) for s in m.__slots__}, ensure_ascii=False))
    else:
        print(table(found, names))


if __name__ == "__main__":
    main()
