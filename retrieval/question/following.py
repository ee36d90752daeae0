"""A question that leans on the one before it, with its subject added: «ومتى؟» after «كم غارة نفذتها المقاتلات؟» is
searched for as «ومتى؟ (غارة نفذتها المقاتلات)».

The question stands first and unchanged, so that what it asks is read as ever; the subject follows in brackets, in
the words it was written in. Only «وماذا عن مصر؟» asks the earlier question again, with another subject in it.
A question that names a subject of its own stays as it is. What is given back can be the previous question of the
next. What stands in its brackets is its subject, and lives on; the question before them is no part of it, unless the
next one asks nothing but «ومتى؟» of it.
"""

import re
from collections.abc import Iterator, Sequence

from retrieval.arabic.analysis import stem
from retrieval.arabic.calendar_names import is_month
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.question.asking import Kind
from retrieval.question.dialects import standard
from retrieval.question.related import related
from retrieval.question.turn import ARTICLE, Turn

LONGEST = 500
"""Characters of the previous question that are read."""

_TABLE = table("following")
_ABOUT = sorted((tuple(fold_text(phrase).split()) for phrase in _TABLE["about"]), key=len, reverse=True)
_LISTS = (
    *("leads", "pointing", "pointing_by_a_noun", "then", "times", "with_pronoun", "no_pronoun", "of_names"),
    *("small_talk", "of_the_asked", "not_and", "meant", "victims", "instead"),
)
_LEADS, _POINTING, _POINTING_BY_A_NOUN, _THEN, _TIMES, _WITH_PRONOUN, _NO_PRONOUN, _OF_NAMES, *_OTHERS = (
    frozenset(map(fold_text, _TABLE[name].split())) for name in _LISTS
)
_SMALL_TALK, _OF_THE_ASKED, _NOT_AND, _MEANT, _VICTIMS, _INSTEAD = _OTHERS
_ABOUT += [(word,) for word in sorted(_MEANT)]
_MARKS, _AND, _TO, _TO_THE, _THAT = ("؟", "?"), ("و", "ف"), "ل", "لل", fold_text("أن")
_GOD = "لله"  # «عبدالله», «نصرالله»
_PRONOUNS, _HIS = {"ها": 2, "هم": 3, "هن": 3, "هما": 3}, "ه"
"""The pronouns joined to nouns, with the fewest letters before them; «ـه» may be a «ة» as well."""
_SHORTEST_OF_HIS, _SHORTEST_JOINED = 4, 2
_MOST_OWN, _MOST_LIGHT, _MOST_JOINED = 2, 2, 5
_AND_THE, _YOUR, _HE_DOES, _SHE = "وال", "ك", "ي", "ت"
_SHORTEST_NAMED, _SHORTEST_VERB, _FEWEST_LEFT = 3, 4, 3
_FAR = 5  # words: what stands farther on corrects nothing
_BRACKETS = re.compile(r"[()\s]+")
_OF_NOUNS: tuple[Kind, ...] = ("thing", "number", "price", "place", "choice")
"""What is asked of a noun: «ما عاصمة مصر», «كم عدد سكان مصر», «أين درعا»."""
_OF_ONE_NOUN: tuple[Kind, ...] = ("thing", "price", "place", "choice")
"""Those of them after which no verb without a subject stands, as in «كم دامت المعركة»."""


def followed(question: str, previous: str | None) -> str:
    """The text to search for: the question, with the subject of the ``previous`` one (as it was searched for) where
    it leans on it; else the question itself. Only the first ``LONGEST`` characters of ``previous`` are read."""
    return join(Turn(cut(previous or "")), Turn(question))


def join(before: Turn, now: Turn) -> str:
    """The same, of two questions that were read: of the previous one its beginning, by ``cut``."""
    if not before.terms or not now.found or now.parted:
        return now.text
    topic = topic_of(now)
    if topic:
        return _with_topic(before, topic)
    subject = subject_of(before, now) if _leans(now) else ""
    return about(now.text, subject) if subject else now.text


def about(question: str, subject: str) -> str:
    """A question with what it is asked about, which stands in brackets and holds none."""
    return f"{question.strip()} ({_BRACKETS.sub(' ', subject).strip()})"


def _leans(now: Turn) -> bool:
    """Whether a question has no subject but that of the one before."""
    if any(word.folded in _SMALL_TALK or _is_yours(word) or _is_name(now, i) for i, word in enumerate(now.found)):
        return False
    if now.is_joined:
        return len(now.own) <= _MOST_JOINED and not _names_its_subject(now)
    if _opens_with_another(now) and now.kind is not None:
        return len(now.own) <= _MOST_JOINED
    if len(now.own) > _MOST_OWN:
        return False
    if _points_back(now):
        return True
    if not now.own:
        return len(now.terms) <= _MOST_LIGHT and (now.kind is not None or bool(now.terms))
    # a bare word may be a name as well («متى بيروت؟»): alone it is a verb only where it is known as one
    own = [i for i in now.own if not now.is_chosen(i)]  # «بتشتغل أي أيام؟»
    return len(own) == 1 and now.kind is not None and now.needs_another(own[0])


def can_stand(question: str) -> bool:
    """Whether a question that leans names something of its own, so that it may be meant by itself after all: «ومتى
    ولد المتنبي؟»."""
    now = Turn(question)
    is_done = now.kind is None and all(map(now.may_be_verb, now.own))  # «وبتسكر؟»
    return bool(now.own) and not is_done and not _points_back(now)


def says_little(now: Turn) -> bool:
    """Whether a question that does not lean by its form may still be of what was spoken of: it asks, and names no more
    than a verb and a noun («بتقفل امتى؟», «كم كتابا أستعير؟»)."""
    is_said_to = any(word.folded in _SMALL_TALK or _is_yours(word) for word in now.found)
    return not is_said_to and now.kind not in (None, "definition") and 0 < len(now.own) <= _MOST_OWN


def named(now: Turn, *, leans: bool) -> list[frozenset[str]]:
    """Of each thing that a question names the stems of which one may stand for it; of one that ``leans`` by its form
    neither what is done, nor what is of what was spoken of."""
    is_alone = len(now.own) == 1
    own = now.own if not leans else [i for i in now.own if not (_is_of(now, i, is_alone) or now.may_be_verb(i))]
    return [frozenset(map(stem, _others(now, i))) for i in own]


def _is_of(now: Turn, index: int, is_alone: bool) -> bool:
    return _has_pronoun(now, index) or (is_alone and now.needs_another(index))


def _others(now: Turn, index: int) -> Iterator[str]:
    """A word and those that say the same, by the tables."""
    yield now.forms[index]
    yield from (means := standard(now.found[index].folded, in_dialect=True))
    yield from (other for each in (now.forms[index], *means) for other, _ in related(each))


def _is_yours(word: Word) -> bool:
    """«كم سعرك؟», «ما اسمك؟»: asked of the one who answers."""
    return word.folded.endswith(_YOUR) and word.folded.removesuffix(_YOUR) in _OF_THE_ASKED


def _names_its_subject(now: Turn) -> bool:
    """Whether a question that goes on names all it asks about: «ومن هو المتنبي؟», «وما عاصمة مصر؟», «وأين درعا؟».

    A noun with its article, or the verb of a subject, is of what was spoken of before: «ومن القبطان؟».
    """
    if not now.own or _points_back(now):
        return False
    if now.kind == "definition":
        return True
    first = now.terms[0]
    is_chosen = now.is_chosen(first)
    is_counted = now.unit == first and first + 1 in now.terms and now.is_verb(first + 1)
    if (is_chosen or is_counted) and not any(i > first + 1 for i in now.own):
        return False  # «وبأي سرعة طارت؟»: what is chosen or counted, and a verb
    if _is_noun_of_noun(now):
        return True
    is_noun = now.kind in _OF_NOUNS and not now.is_verb(first) and not now.found[first].folded.startswith(_HE_DOES)
    follows = all(later - earlier == 1 for earlier, later in zip(now.terms, now.terms[1:], strict=False))
    is_bare = not any(now.has_article(i) for i in now.own)
    is_light_named = len(now.terms) > 1 or now.kind == "place"
    return is_noun and is_bare and follows and is_light_named and first - 1 in now.aside


def _is_noun_of_noun(now: Turn) -> bool:
    """Whether what is asked for is a noun of its own of another that is named: «وكم رسوم العضوية؟», «وما غرامة تأخير
    الكتاب؟»; «وما اسم القبطان؟» has but a light one."""
    first, *rest = now.terms
    is_asked = now.kind in _OF_ONE_NOUN and first - 1 in now.aside and not now.is_light(first)
    form = now.found[first].folded
    is_verb = now.is_verb(first) or form.startswith(_HE_DOES) or (form.startswith(_SHE) and not form.endswith(_HIS))
    follows = all(later - earlier == 1 for earlier, later in zip(now.terms, rest, strict=False))
    is_named = bool(rest) and now.found[rest[-1]].folded.startswith(ARTICLE)
    return is_asked and not is_verb and not now.has_article(first) and follows and is_named


def _opens_with_another(now: Turn) -> bool:
    """«والسيناريو مين كتبه؟»: another side of what was spoken of."""
    first = now.found[0].folded
    rest = first.removeprefix(_AND_THE)
    return first.startswith(_AND_THE) and len(rest) >= _SHORTEST_NAMED and first not in _NOT_AND


def _points_back(now: Turn) -> bool:
    """Whether a pronoun or a demonstrative means what the question itself does not name."""
    for index, word in enumerate(now.found):
        if index in now.own and now.has_article(index):
            return False  # it may mean this: «متى ولد المتنبي ومن قتله»
        if _is_demonstrative(now, index) and not _is_of_time(now, index + 1):
            return True
        if _form(word) in _WITH_PRONOUN or _form(word) in _THEN or _has_pronoun(now, index):
            return True
    return False


def _is_demonstrative(now: Turn, index: int) -> bool:
    """Some are names as well («دي ميستورا», «هادي»): those point where they follow right on what asks, at the end."""
    form = now.found[index].folded
    if form not in _POINTING_BY_A_NOUN:
        return form in _POINTING
    return index == len(now.found) - 1 and index - 1 in now.aside


def _form(word: Word) -> str:
    return word.folded[1:] if word.folded.startswith(_AND) else word.folded


def _is_name(now: Turn, index: int) -> bool:
    """Whether a word that may point is a name here: «ماذا قال هادي؟»; not beside what has its article."""
    beside = (i for i in (index - 1, index + 1) if 0 <= i < len(now.found))
    may_point = now.found[index].folded in _POINTING_BY_A_NOUN
    return may_point and not _is_demonstrative(now, index) and not any(map(now.has_article, beside))


def _is_of_time(now: Turn, index: int) -> bool:
    return index < len(now.found) and now.found[index].folded in _TIMES


def _has_pronoun(now: Turn, index: int) -> bool:
    """Whether a word ends in a pronoun. «ـه» counts at the end only: elsewhere «عاصمه فرنسا» is more likely; and not
    after «من هو», which names its subject."""
    word = now.found[index]
    bare = word.folded
    if bare in _NO_PRONOUN or bare.endswith(_GOD) or now.has_article(index):
        return False
    if any(bare.endswith(ending) and len(bare) - len(ending) >= fewest for ending, fewest in _PRONOUNS.items()):
        return index in now.terms or index in now.aside
    his = now.text[word.start : word.end].endswith(_HIS) and len(bare) >= _SHORTEST_OF_HIS
    is_last = all(later in now.aside for later in range(index + 1, len(now.found)))  # «من رممه ومتى؟»
    return his and is_last and index in now.terms and index != now.unit and now.kind != "definition"


def subject_of(before: Turn, now: Turn) -> str:
    """The subject of the previous question as it was written: from its first word to its last, what asks left out.

    Left out as well: light words at either end, what was counted where something else is now, and the verb where
    there is another now («متى ولد المتنبي؟» «وأين مات؟»). One that leaned itself has its subject in brackets.
    """
    if before.parted and now.terms:
        return _subject_in_brackets(Turn(before.parted[1]), now)
    return _subject_asked(before, now)


def _subject_in_brackets(subject: Turn, now: Turn) -> str:
    """A subject that was found before, without the verb that opens it: who asks on has another."""
    own = {stem(now.forms[i]) for i in now.terms}
    kept = _trimmed(subject, [i for i in subject.terms if stem(subject.forms[i]) not in own] or subject.terms)
    while len(kept) > 1 and _is_opening_verb(subject, kept[0]):
        kept = kept[1:]
    return subject.written(range(kept[0], _end_of_group(subject, kept[-1]))) if kept else ""


def _is_opening_verb(subject: Turn, index: int) -> bool:
    form = subject.found[index].folded
    return subject.is_known_verb(index) or (
        form.startswith(_HE_DOES) and len(form) >= _SHORTEST_VERB and not is_month(form)
    )


def _subject_asked(before: Turn, now: Turn) -> str:
    own = {stem(now.forms[i]) for i in now.terms}
    kept = [i for i in before.terms if stem(before.forms[i]) not in own] or before.terms
    if now.unit is not None and not now.is_light(now.unit) and len(kept) > 1:
        kept = [i for i in kept if i != before.unit]
    if now.terms and kept[0] == before.unit and before.found[kept[0]].folded in _VICTIMS and len(kept) > 1:
        kept = kept[1:]  # «كم قتيلا سقط في الزلزال؟» «ومتى ضرب؟»
    if now.terms and kept[0] == before.unit and len(kept) > _FEWEST_LEFT and before.may_be_past(kept[1]):
        kept = kept[2:]  # «كم مسافرا حملت أول رحلة للشركة؟» «ومن رئيسها؟»
    if now.terms and len(kept) > 1 and kept[0] - 1 in {*before.aside, before.unit} and before.is_verb(kept[0]):
        kept = kept[1:]
    kept = _trimmed(before, _without_prospect(before, kept, now))
    if {stem(before.forms[i]) for i in kept} <= own:
        return ""
    places = range(kept[0], _end_of_group(before, kept[-1]))
    return before.written(i for i in places if i not in before.aside)


def _without_prospect(before: Turn, kept: list[int], now: Turn) -> list[int]:
    """The terms after «كان من المقرر أن …», and after its verb where there is another now."""
    places = [i for i in kept[:-1] if i + 2 <= len(before.found) and before.found[i + 1].folded == _THAT]
    if not places or places[0] != kept[0]:
        return kept
    return kept[2:] if now.terms and len(kept) > 2 else kept[1:]


def _trimmed(before: Turn, kept: list[int]) -> list[int]:
    """The terms without the light ones at either end, but for an adjective («الميناء الكبير»); all of them where there
    are no others."""
    heavy = [place for place, index in enumerate(kept) if not before.is_light(index)]
    if not heavy:
        return kept
    last = heavy[-1]
    while last + 1 < len(kept) and all(map(before.has_article, kept[last : last + 2])):
        last += 1
    return kept[heavy[0] : last + 1]


def _end_of_group(turn: Turn, index: int) -> int:
    """After a term and the words that are one thing with it: «كانون الثاني»."""
    end = index + 1
    while end < len(turn.forms) and turn.forms[end] == "":
        end += 1
    return end


def topic_of(now: Turn) -> str:
    """The other subject that a question puts in the place of the one before, without what it says was not meant: «قصدي
    الجسر مش السوق»."""
    topic = _topic(now)
    found = words(topic)
    end = next((word.start for word in found[1:] if _form(word) in _INSTEAD), len(topic))
    return topic[:end].rstrip(" ،,")


def reading_of(before: Turn, topic: Turn) -> str:
    """What the previous question asked, of a topic instead of the subject in its brackets, or of its subject what a
    topic does («وبتسكر؟»); "" where neither is there."""
    if all(map(topic.may_be_verb, topic.terms)):
        asks = before.written(sorted(before.aside))
        return about(f"{asks} {topic.text}", subject_of(before, topic)) if asks else ""
    return about(before.parted[0], topic.text) if before.parted else ""


def _after_leads(forms: Sequence[str]) -> int:
    """Where a topic may begin: after a word that leads to it, or after all that rejects what was understood instead."""
    meant = next((i for i, form in enumerate(forms[:_FAR]) if form in _MEANT), 0)
    if all(form in _LEADS or form in _INSTEAD or form in _POINTING for form in forms[:meant]) and meant:
        return meant
    return 1 if forms[0] in _LEADS and len(forms) > 1 else 0


def _topic(now: Turn) -> str:
    """The other subject that a question puts in the place of the one before («وماذا عن مصر؟», «ومصر؟»), if it does."""
    forms = [word.folded for word in now.found]
    start = _after_leads(forms)
    joined = forms[start].startswith(_AND) and len(forms[start]) > _SHORTEST_JOINED
    readings = [[forms[start][1:], *forms[start + 1 :]]] if joined else []
    for reading in [*readings, forms[start:]]:
        for phrase in _ABOUT:
            if len(phrase) > 1 or joined or start or phrase[0] in _MEANT:
                topic = _after_phrase(now, reading, phrase, start)
                if topic:
                    return topic
    return _joined_topic(now, start) if joined else ""


def _after_phrase(now: Turn, forms: Sequence[str], phrase: tuple[str, ...], start: int) -> str:
    """What follows a phrase that opens a question. «بالنسبة لمصر» has the end of it joined to the next word."""
    *opening, last = phrase
    place = start + len(opening)
    if list(forms[: len(opening)]) != opening or len(forms) <= len(opening):
        return ""
    before, at = "", 0
    if last == _TO and forms[len(opening)].startswith(_TO):
        before = ARTICLE if forms[len(opening)].startswith(_TO_THE) else ""
        at = now.found[place].start + len(before or _TO)
    elif forms[len(opening)] == last and place + 1 < len(now.found):
        place += 1
        at = now.found[place].start
    names_something = any(i >= place for i in now.terms) and not any(part.end > place for part in now.asking)
    return before + now.text[at : now.found[-1].end] if at and names_something else ""


def _joined_topic(now: Turn, start: int) -> str:
    """«والقاهرة؟», «وفي عام 2016؟»: a subject with nothing asked of it."""
    own = [i for i in now.own if i >= start]
    most = _MOST_JOINED if _opens_with_another(now) else _MOST_OWN
    is_topic = not now.asking and 0 < len(own) <= most and now.text.rstrip().endswith(_MARKS)
    if not is_topic or _points_back(now):
        return ""
    return now.text[now.found[own[0]].start + (own[0] == start) : now.found[-1].end]


def _with_topic(before: Turn, topic: str) -> str:
    """The previous question with a topic in the place of its last subject; a number takes that of a number only."""
    new = Turn(topic)
    is_number = any(new.forms[i].isdigit() for i in new.terms)
    places = [i for i in before.own or before.terms if not is_number or before.forms[i].isdigit()]
    if not places:
        return f"{before.text.strip()} ({topic})"
    first = _first_of_subject(before, places[-1], len(new.terms))
    start, end = before.found[first].start, before.found[_end_of_group(before, places[-1]) - 1].end
    return before.text[:start] + topic + before.text[end:]


def _first_of_subject(before: Turn, last: int, size: int) -> int:
    """Where the subject begins that ends with the term ``last``: two words with their articles are one («المقاتلات
    الروسية»); of others as many as the topic has, but for the first term, which says what is asked of it."""
    is_quality = before.found[last].folded.startswith(ARTICLE)  # «العبارة للطفل» are two
    paired = is_quality and last - 1 in before.terms and before.has_article(last - 1)
    spare, many = (before.terms, 1) if paired else (before.terms[1:], size - 1)
    first = last
    while first - 1 in spare and last - first < many and not before.opens_bracket(first):
        first -= 1
    while first and before.found[first - 1].folded in _OF_NAMES:
        first -= 1
    return first


def cut(previous: str) -> str:
    """The beginning of a long text, to the end of a word."""
    if len(previous) <= LONGEST:
        return previous
    return previous[:LONGEST].rpartition(" ")[0] or previous[:LONGEST]
