"""Trains the model by which ``bot/conversation/sounding.py`` tells talk from questions, ``talk.npz`` beside it.

    python benchmarks/train_talk.py [--held-out]

It learns from sayings.txt, from the forms of bot/conversation/sayings.toml with words put in at random, and from the
questions, titles and pieces of sentences of reading/questions: all of it written for this project, or pieces of
Wikipedia (CC BY-SA 4.0) of which no text stands in the weights. Multinomial logistic regression by AdaGrad (Duchi,
Hazan and Singer, 2011). ``--held-out`` writes nothing: it learns from four fifths and says how the last fifth fares.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from bot.conversation.forms import sayings
from bot.conversation.sounding import LONGEST, MODEL, QUESTION, SIZE, features, words
from retrieval import fold

HERE = Path(__file__).parent
SAYINGS, QUESTIONS = HERE / "sayings.txt", HERE / "reading" / "questions"
EPOCHS, RATE, DECAY, FOLDS = 12, 0.05, 1e-4, 5
EACH_FORM, PIECES, LONGEST_PIECE, MADE = 4, 40, 4, 2500
ASKING = (
    "ما هو {}؟", "ما هي {}؟", "ماهو {}", "ما معنى {}؟", "ما معنى كلمة {}؟", "ما {}؟", "ماهي {}؟", "شو هو {}",
    "وش {}", "ايه هو {}", "شنو هو {}", "من هو {}؟", "من {}؟", "مين {}", "منو {}", "شكون {}", "هل تنام {}؟",
    "هل يشعر {}؟", "هل تحب {}؟", "كيف {}؟", "متى {}؟", "أين {}؟", "كم {}؟", "ما أهمية {}", "ما فائدة {}؟",
    "ماذا تفعل {}؟", "ما رأي {}؟", "من صنع {}؟", "من كتب {}؟", "كم عمر {}؟", "كيف تعمل {}؟", "مصدر {}",
    "رابط {}", "معلومات عن {}", "{}؟", "أخبار {}", "كم سعر {}", "تاريخ {}", "كاتب {}", "أهلا {}", "شكر {}",
)  # fmt: skip
NAMES = """
شكري جميل سلام حسن صباح نور سعيد كريم كامل عادل حبيب فهيم أمين وفاء أمل رضا عزيز غالي مبارك رمضان جمعة عيد خالد علي
محمد أحمد محمود مصطفى فؤاد نجيب طه عباس ليلى فاطمة زينب هدى سامي رامي وليد هاني هادي ماهر شاكر حلو فاضل عاطف عبد الله
عبد الرحمن نصر جلال جمال بطل فارس أسد يحيى موسى عيسى يوسف إبراهيم سلمان سليم سالم مسلم توفيق رشيد حكيم لطفي فرج
"""
FAMILIES = """
القوتلي فياض بثينة نصر الله الأحمد الجابر محفوظ حسين العقاد درويش قباني مردم الحسيني الخطيب النابلسي المصري العراقي
التونسي المغربي الحريري جنبلاط شهاب الصدر السيستاني الحكيم المالكي العبادي بورقيبة السبسي العثماني بنكيران بوتفليقة
السعيد المهدي البشير الترابي النميري عرفات هنية مشعل السنوار زغلول النحاس الشاذلي الجمسي الشعراوي الغزالي عبده الطهطاوي
"""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A message: its intent, and its features with how much of each it has."""

    intent: str
    places: NDArray[np.intp]
    amounts: Floats


def said() -> Iterator[tuple[str, str]]:
    """Intents, and what is said with each."""
    for line in SAYINGS.read_text("utf-8").splitlines():
        intent, _, listed = line.partition(":")
        if not line.startswith("#"):
            yield from ((intent, one.strip()) for one in listed.split("|"))


def asked(random: Random) -> Iterator[str]:
    """Questions, titles, and pieces of sentences, which somebody may look up."""
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield from (row[name] for name in ("question", "title") if name in row)
            text = row.get("text", "").split()
            for _ in range(PIECES if text else 0):
                start = random.randrange(len(text))
                yield " ".join(text[start : start + random.randint(1, LONGEST_PIECE)]).strip(".,،؛:«»()")


def made(pieces: Sequence[str], random: Random) -> Iterator[str]:
    """Questions about pieces, and names of people: they hold the words of talk, and are none."""
    given, families = NAMES.split(), FAMILIES.split()
    for _ in range(MADE):
        yield random.choice(ASKING).format(random.choice(pieces))
        yield f"{random.choice(given)} {random.choice(families)}"


def examples(pairs: Iterator[tuple[str, str]]) -> Iterator[Example]:
    """What is short enough to be talk."""
    for intent, text in pairs:
        if 0 < len(found := words(fold(text).text)) <= LONGEST:
            places, counts = np.unique(features(found), return_counts=True)
            yield Example(intent, places, (counts / np.sqrt(len(found))).astype(np.float32))


def fitted(learned: Sequence[Example], intents: Sequence[str], seed: int = 1) -> tuple[Floats, Floats]:
    """The weight of each feature for each intent, and what each intent has by itself."""
    order, right = np.random.default_rng(seed), [intents.index(one.intent) for one in learned]
    weights, bias = np.zeros((SIZE, len(intents)), np.float32), np.zeros(len(intents), np.float32)
    spent, spent_bias = np.full_like(weights, 1e-6), np.full_like(bias, 1e-6)
    for _ in range(EPOCHS):
        for at in order.permutation(len(learned)):
            one = learned[at]
            error = likely(one, weights, bias)
            error[right[at]] -= 1
            step = np.outer(one.amounts, error) + DECAY * weights[one.places]
            spent[one.places] += step * step
            spent_bias += error * error
            weights[one.places] -= RATE * step / np.sqrt(spent[one.places])
            bias -= RATE * error / np.sqrt(spent_bias)
    return weights, bias


def likely(one: Example, weights: Floats, bias: Floats) -> Floats:
    """How likely each intent is."""
    scores = one.amounts @ weights[one.places] + bias
    powers: Floats = np.exp(scores - scores.max())
    return powers / powers.sum()


def told(of: Sequence[Example], intents: Sequence[str], weights: Floats, bias: Floats) -> Iterator[str]:
    """How those fare that nothing was learned from, a line for each threshold."""
    shares = np.array([likely(one, weights, bias) for one in of])
    talk = 1 - shares[:, intents.index(QUESTION)]
    shares[:, intents.index(QUESTION)] = 0
    is_question = np.array([one.intent == QUESTION for one in of])
    is_right = np.array([intents[best] == one.intent for best, one in zip(shares.argmax(1), of, strict=True)])
    for least in (0.3, 0.5, 0.7, 0.8, 0.9):
        heard = talk >= least
        yield (
            f"{least:.1f}: of talk heard {heard[~is_question].mean():.3f}, with the right intent "
            f"{(heard & is_right)[~is_question].mean():.3f}; of questions taken {heard[is_question].mean():.4f}"
        )


def main() -> None:
    """Trains, and writes or tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", action="store_true")
    is_held_out = parser.parse_args().held_out
    random = Random(1)  # noqa: S311  # no secret
    written = list(examples(said()))
    further = list(examples(sayings(random, EACH_FORM)))
    found = sorted(set(asked(random)))
    pieces = [text for text in found if len(text.split()) < LONGEST_PIECE and "؟" not in text]
    questions = list(examples((QUESTION, text) for text in sorted({*found, *made(pieces, random)})))
    intents = sorted({one.intent for one in (*written, *further, *questions)})
    if is_held_out:
        both = [*written, *questions]
        random.shuffle(both)
        weights, bias = fitted([*both[len(both) // FOLDS :], *further], intents)
        print(*told(both[: len(both) // FOLDS], intents, weights, bias), sep="\n")
        return
    weights, bias = fitted([*written, *further, *questions], intents)
    scale = np.abs(weights).max() / np.iinfo(np.int8).max
    kept = {"weights": np.round(weights.T / scale).astype(np.int8), "scale": np.float32(scale)}
    path = HERE.parent / "bot" / "conversation" / MODEL
    np.savez_compressed(path, **kept, bias=bias, intents=np.array(intents))
    print(
        f"{path}: {path.stat().st_size / 1000:.0f} kB of {len(written)}, {len(further)} and {len(questions)} examples"
    )


if __name__ == "__main__":
    main()
