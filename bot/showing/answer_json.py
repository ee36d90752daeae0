"""Answers, verdicts and documents as JSON: the form of ``--json`` and ``--batch``. Keys are added, never removed."""

from typing import Any

from bot.phrases import phrases
from bot.showing.citations import differing
from bot.showing.saying import Said, asked_for_arabic
from bot.sources.citation import link
from retrieval import Cited, Reference
from retrieval.model import Answer, Change, Checked, Document, Quote, Source, Verdict

_STAND = ("document", "title", "url", "published", "place", "start", "end", "source", "reference")


def answer_json(answer: Answer, question_id: object = None) -> dict[str, Any]:
    """The JSON object of an answer; ``id`` is the question's own, null where it has none. ``unreachable``: nothing was
    found because sources cannot be read now; ``meant``: the question with one word repaired, that has an answer;
    ``unsaid_words``: of a question for yes or no, those that the quotes shown do not say;
    ``note``: what is said to who asked in another language, in that language."""
    return {
        "id": question_id,
        "kind": "answer" if answer.found else "refusal",
        "question": answer.question,
        "searched": answer.searched,
        "found": answer.found,
        "unreachable": answer.unreachable,
        "confidence": answer.confidence,
        "differ": answer.differ,
        "period": _period(answer),
        "newest_first": answer.newest_first,
        "news": answer.news,
        "quotes": [_quote(quote, place < answer.shown) for place, quote in enumerate(answer.quotes)],
        "found_words": list(answer.found_words),
        "missing_words": list(answer.missing_words),
        "unsaid_words": list(answer.unsaid),
        "nearest": [_source(source) for source in answer.nearest],
        "meant": answer.meant,
        "note": asked_for_arabic(answer, phrases("ar")),
    }


def said_json(said: Said, question: str, question_id: object = None) -> dict[str, Any]:
    """The JSON object of what is said to no question: the same keys, and what was meant and said.

    The quotes are those that it speaks of, all of them shown.
    """
    answer = Answer(question, question, said.quotes, shown=len(said.quotes))
    kind = "action" if said.is_action else "talk"
    return answer_json(answer, question_id) | {"kind": kind, "intent": said.intent, "reply": said.reply}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The JSON object of what the sources say to a text.

    Of a sentence ``start`` and ``end`` count characters of its document, as those of its changes do; ``text_start`` and
    ``text_end`` of a change count inside the sentence's ``text``. Where it is pieced, ``pieces`` has each place.
    ``cut``: only the first sentences of a long text were checked.
    """
    return {
        "text": verdict.text,
        "kind": verdict.kind,
        "unreachable": verdict.unreachable,
        "cut": verdict.is_cut,
        "sentences": [_checked(sentence, verdict.text) for sentence in verdict.sentences],
    }


def cited_json(cited: Cited | None, reference: str) -> dict[str, Any]:
    """The JSON object of what a reference shows; ``kind`` is "unknown" where nobody knows it.

    ``then`` is what stood there, null where it was purged; ``now`` what stands there, null where nothing does. Of each
    ``start`` and ``end`` count characters of its version of its document, as those of a change do: ``start`` and
    ``end`` in ``then``'s, ``now_start`` and ``now_end`` in ``now``'s. ``until``: the day from which the version was
    served no longer.
    """
    if cited is None:
        none = dict.fromkeys(("then", "now", "until"))
        return {"reference": reference, "kind": "unknown", **none, "changes": []}
    return {
        "reference": cited.reference,
        "kind": cited.kind,
        "then": cited.then and _cited(cited.then),
        "now": cited.now and _cited(cited.now),
        "until": cited.until and cited.until.isoformat(),
        "changes": [_difference(change, cited) for change in cited.changes],
    }


def _cited(quote: Quote) -> dict[str, Any]:
    stand = _stand(quote)
    return {"text": stand.pop("source"), **stand, "author": quote.document.author, "link": link(quote)}


def _difference(change: Change, cited: Cited) -> dict[str, Any]:
    then, now = differing(cited, change)
    ends = {"start": change.start, "end": change.end, "now_start": change.source_start, "now_end": change.source_end}
    return {"kind": change.kind, "then": then, "now": now, **ends}


def document_json(document: Document) -> dict[str, Any]:
    """The JSON object of a document, without its text, whose ``characters`` it counts."""
    return {
        "document": document.id,
        "title": document.title,
        "published": document.published.isoformat() if document.published else None,
        "author": document.author,
        "language": document.language,
        "url": document.url,
        "characters": len(document.text),
        "path": document.path,
    }


def _checked(sentence: Checked, text: str) -> dict[str, Any]:
    places = [_stand(quote) for quote in sentence.quotes]
    return {
        "text": sentence.span.of(text),
        "kind": sentence.kind,
        **(places[0] if places else dict.fromkeys(_STAND)),
        "part": sentence.is_part,
        "pieces": places if len(places) > 1 else [],
        "changes": [_change(change, quote, sentence, text) for quote, change in sentence.changed],
    }


def _stand(quote: Quote) -> dict[str, Any]:
    """Where a quote stands."""
    document = quote.document
    published = document.published.isoformat() if document.published else None
    named = str(Reference.of(document, quote.span))
    place = (document.id, document.title, document.url, published, quote.place, *_ends(quote), quote.text, named)
    return dict(zip(_STAND, place, strict=True))


def _ends(quote: Quote) -> tuple[int, int]:
    return quote.span.start, quote.span.end


def _change(change: Change, quote: Quote, sentence: Checked, text: str) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "text": text[change.start : change.end],
        "source": quote.document.text[change.source_start : change.source_end],
        "start": change.source_start,
        "end": change.source_end,
        "text_start": change.start - sentence.span.start,
        "text_end": change.end - sentence.span.start,
    }


def _period(answer: Answer) -> dict[str, Any] | None:
    """The days that were asked for, and whether the quotes are of them."""
    if answer.period is None:
        return None
    first, last = answer.period.first.isoformat(), answer.period.last.isoformat()
    return {"first": first, "last": last, "held": answer.in_period}


def _quote(quote: Quote, is_shown: bool) -> dict[str, Any]:
    """``start`` and ``end`` count characters of the document; ``highlight``, the first, inside ``text``. ``shown``:
    whether a face shows it at once, or when a reader asks for more."""
    start = quote.span.start
    best = quote.highlights[0] if quote.highlights else None
    return {
        "text": quote.text,
        "document": quote.document.id,
        "title": quote.document.title,
        "url": quote.document.url,
        "link": link(quote),
        "author": quote.document.author,
        "published": quote.document.published.isoformat() if quote.document.published else None,
        "place": quote.place,
        "reference": str(Reference.of(quote.document, quote.span)),
        "recognised": quote.document.recognised,
        "heading": " ".join(quote.heading.of(quote.document.text).split()) if quote.heading else None,
        "start": start,
        "end": quote.span.end,
        "highlight": [best.start - start, best.end - start] if best else None,
        "score": quote.score,
        "probability": quote.probability,
        "shown": is_shown,
        "also": [_source(source) for source in quote.also],
    }


def _source(source: Source) -> dict[str, str]:
    return {"document": source.document_id, "title": source.title}
