"""The questions that were written for this project to train the networks, beside FOLDER's: ``questions/``.

``passages.jsonl`` asks documents of NATIVE that are SEEN, whose text is not part of the project: a row says where in
its document the sentence that answers and the answer stand, in characters. Those of news ask
articles that were written with them, which lie beside them. NEWS_B is held out: nothing is trained or chosen by it.
NEWS_E, NEWS_F and PAGES, what ministries and libraries publish, are of the part that blends: probabilities are learned
on them too. NEWS_G is held out as NEWS_B is; each of its questions that nothing answers is a twin of one that something
does.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.question_sets import Written, everything, rows

PASSAGES, NEWS_A, NEWS_B, NEWS_C, NEWS_D = "passages", "news_a", "news_b", "news_c", "news_d"
NEWS_E, NEWS_F, NEWS_G, PAGES = "news_e", "news_f", "news_g", "pages"
NEWS = (NEWS_A, NEWS_C, NEWS_D)
"""Those that are trained on and have documents of their own."""
TRAINED = (PASSAGES, *NEWS)
BLENDED_TOO = (NEWS_E, NEWS_F, PAGES)
"""Those on which the models that weigh the networks are fitted, beside the part BLENDED."""
HELD_OUT = (NEWS_B, NEWS_G)
"""Those by which nothing is trained, fitted or chosen."""

_QUESTIONS = Path(__file__).parent / "questions"


def cases(folder: Path, name: str) -> list[Written]:
    """The cases of one of these sets, in the contexts of their whole documents."""
    held = everything(folder) if name == PASSAGES else documents(name)
    texts = {document["id"]: document["text"] for document in held}
    return [_case(row, texts[row["doc"]]) for row in rows(_QUESTIONS / f"{name}.jsonl")]


def documents(*names: str) -> list[dict[str, str]]:
    """The documents of the news, which are the project's own."""
    return [row for name in names for row in rows(_QUESTIONS / f"{name}_documents.jsonl")]


def _case(row: Mapping[str, Any], text: str) -> Written:
    sentence, answer = _restored(row, text) if "start" in row else (row["sentence"], row["answer"])
    return Written(
        id=row["id"],
        question=row["question"],
        answers=(answer,) if answer else (),
        context=text,
        document=row["doc"],
        answerable=bool(answer),
        kind=row["kind"],
        sentence=sentence or "",
    )


def _restored(row: Mapping[str, Any], text: str) -> tuple[str, str]:
    """The sentence that answers and the answer, by their places; empty where nothing answers."""
    if row["start"] is None:
        return "", ""
    return text[row["start"] : row["end"]], text[row["answer_start"] : row["answer_end"]]
