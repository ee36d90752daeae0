"""What was not answered: alike questions together, nothing of what fewer than three people asked, no names."""

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_telegram import FakeTelegram, message
from handling import SETTINGS, Shelf, handle, in_group

from bot.operation.gaps import FEWEST, Gap, gaps, gaps_json
from bot.phrases import phrases
from bot.settings import Settings
from bot.store import held
from bot.store.database import Database
from bot.store.feedback import LONGEST_REFUSED, MOST_OF_ONE, Feedback, Opinion, Quoted, Refusals, Refused
from bot.store.shared.opening import unanswered
from bot.terminal.cli import main
from retrieval.model import Answer

SAYS = phrases("ar")
ASKED = "متى يفتح مكتب الجوازات؟"
ADMIN = 77
ON = Settings(corpus=Path("corpus"), data=Path("data"), token=SETTINGS.token, gaps=True, admins=frozenset({ADMIN}))


def refused(*questions: str, person: int = 1, since: float = 0.0) -> list[Refused]:
    """One of each question, each of another person, from ``person`` on."""
    return [Refused(person + place, question, since) for place, question in enumerate(questions)]


def bad(question: str, person: int, *, quotes: tuple[Quoted, ...] = (Quoted("a.txt", "نص", None),)) -> Opinion:
    return Opinion(f"answer{person}", 99, person, False, question, question, None, quotes)


def words(*questions: Refused) -> list[str]:
    return [gap.words for gap in gaps(questions, ()).found]


def test_alike_questions_of_three_people_are_one_gap_with_its_days_and_counts() -> None:
    day = 24 * 3600.0
    asked = [
        *refused(ASKED, since=day),
        *refused("امتى يفتح مكتب الجوازات", person=2, since=3 * day),
        *refused("متى يُفتح مكتبُ الجوازات", person=3, since=9 * day),
        *refused(ASKED, person=3, since=10 * day),
    ]
    (gap,) = gaps(asked, ()).found
    dates = [datetime.fromtimestamp(days * day).astimezone().date() for days in (1, 10)]
    assert gap == Gap("امتى يفتح مكتب الجوازات", 3, 4, 0, *dates)


@pytest.mark.parametrize("people", range(1, FEWEST))
def test_what_fewer_people_asked_is_a_number_without_words(people: int) -> None:
    told = gaps([*refused(*[ASKED] * people), *refused(ASKED, ASKED)], ())
    assert (told.found, told.others) == ((), 1)
    assert "مكتب" not in json.dumps(gaps_json(told), ensure_ascii=False)


def test_one_person_who_asks_again_and_again_is_one() -> None:
    assert words(*[Refused(1, ASKED)] * 10, *refused(ASKED, ASKED)) == []


def test_other_subjects_are_other_gaps() -> None:
    other = "كم رسوم تجديد رخصة القيادة؟"
    assert set(words(*refused(ASKED, other, ASKED, other, ASKED, other))) == {ASKED, other}
    assert words(*refused("كم رسوم تجديد الجواز؟", "كم رسوم تجديد الرخصة؟", "كم رسوم تجديد الإقامة؟")) == []


def test_a_word_that_one_person_used_is_not_shown() -> None:
    own = "متى يفتح مكتب الجوازات 4471؟"
    assert words(*refused(own, f"سالم {ASKED}", f"ترى {ASKED}")) == ["متى، يفتح، مكتب، الجوازات"]
    assert words(*refused(own, ASKED, ASKED, ASKED)) == [ASKED]


def test_what_was_marked_bad_counts_for_who_asked_and_not_what_stood_in_files_of_chats() -> None:
    (gap,) = gaps(refused(ASKED, ASKED), [bad(ASKED, 3)]).found
    assert (gap.people, gap.refused, gap.marked) == (3, 2, 1)
    assert gaps(refused(ASKED, ASKED), [bad(ASKED, 3, quotes=())]).found == ()
    good = Opinion("answer", 99, 3, True, ASKED, ASKED, None, (Quoted("a.txt", "نص", None),))
    assert gaps(refused(ASKED, ASKED), [good]).found == ()


def test_questions_without_words_are_no_gap() -> None:
    assert words(*refused("؟؟؟", "متى؟", "🙂", "")) == []


def test_who_is_forgotten_takes_their_questions_along(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        refusals = Refusals(database, is_on=True)
        for one in refused(ASKED, ASKED, ASKED):
            refusals.keep(one)
        refusals.keep(Refused(4, ASKED, people=frozenset({4, 2})))
        assert len(gaps(refusals, Feedback(database)).found) == 1
        held.forget(database, 2)
        assert [one.person for one in refusals] == [1, 3]
        assert gaps(refusals, Feedback(database)).found == ()


def test_what_one_person_can_have_kept_is_bounded(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        refusals = Refusals(database, is_on=True)
        refusals.keep(Refused(2, "\ud800" + ASKED * 1000))
        for number in range(MOST_OF_ONE + 5):
            refusals.keep(Refused(1, f"سؤال {number}"))
        kept = list(refusals)
        assert len(kept) == MOST_OF_ONE + 1
        assert len(kept[0].question) <= LONGEST_REFUSED
        assert kept[1].question == "سؤال 5"


def test_where_it_is_switched_off_nothing_is_kept_and_what_was_is_gone(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        Refusals(database, is_on=True).keep(Refused(1, ASKED))
        off = Refusals(database, is_on=False)
        off.keep(Refused(2, ASKED))
        assert list(off) == []


def refusing() -> Shelf:
    return Shelf(lambda question: Answer(question, question))


def asked_by(people: range, telegram: FakeTelegram, data: Path, settings: Settings) -> None:
    updates = [message(person, chat=person, text=ASKED) for person in people]
    handle(*updates, telegram=telegram, shelf=refusing(), settings=settings, data=data)


def test_admins_see_in_private_what_people_asked_in_vain_and_others_nothing(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    asked_by(range(101, 104), telegram, tmp_path, ON)
    before = len(telegram.texts())
    updates = [
        message(901, chat=ADMIN, text="/gaps"),
        message(902, chat=66, text="/gaps"),
        in_group(903, "/gaps", user=ADMIN),
    ]
    handle(*updates, telegram=telegram, shelf=refusing(), settings=ON, data=tmp_path)
    told = telegram.texts()[before:]
    assert sum(ASKED in text for text in told) == 1
    (shown,) = [text for text in told if ASKED in text]
    assert "3 أشخاص" in shown
    assert "101" not in shown


def test_without_the_setting_nothing_is_kept_and_an_admin_is_told_how_to_switch_it_on(tmp_path: Path) -> None:
    off = Settings(corpus=Path("corpus"), data=Path("data"), token=SETTINGS.token, admins=frozenset({ADMIN}))
    telegram = FakeTelegram()
    asked_by(range(101, 104), telegram, tmp_path, off)
    assert unanswered(tmp_path)[0] == []
    handle(message(901, chat=ADMIN, text="/gaps"), telegram=telegram, shelf=refusing(), settings=off, data=tmp_path)
    assert telegram.texts()[-1] == SAYS.gaps["off"]


@pytest.mark.parametrize("is_on", [True, False])
def test_privacy_says_so_only_where_it_is_so(is_on: bool) -> None:
    settings = Settings(corpus=Path("corpus"), data=Path("data"), token=SETTINGS.token, gaps=is_on)
    (told,) = handle(message(1, text="/privacy"), settings=settings).texts()
    assert ("لم أجد لها جوابا" in told) is is_on
    assert ("90 يوما" in told) is is_on


def test_the_command_lists_them_and_is_refused_where_they_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IQTIBAS_DATA", str(tmp_path / "data"))
    with closing(Database(tmp_path / "data")) as database:
        for one in refused(ASKED, ASKED, ASKED, "سؤال واحد عن أمر آخر"):
            Refusals(database, is_on=True).keep(one)
    done = CliRunner().invoke(main, ["gaps"])
    assert (done.exit_code, "IQTIBAS_GAPS=on" in done.stderr) == (2, True)
    monkeypatch.setenv("IQTIBAS_GAPS", "on")
    assert ASKED in CliRunner().invoke(main, ["gaps"]).stdout
    told = json.loads(CliRunner().invoke(main, ["gaps", "--json"]).stdout)
    assert [(gap["words"], gap["people"], gap["refused"]) for gap in told["gaps"]] == [(ASKED, 3, 3)]
    assert told["others"] == 1
