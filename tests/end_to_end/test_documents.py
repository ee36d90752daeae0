"""People send a running bot files, ask about them, delete them, and have themselves forgotten."""

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from bot_process import CORPUS, BotProcess, serving
from emulator import PATIENCE, Call, TelegramServer
from emulator_buttons import buttons, press
from emulator_files import send
from emulator_groups import MENTION, group, write
from places import DATA

from bot.phrases import phrases
from bot.store.database import NAME
from retrieval import ENDINGS

pytestmark = pytest.mark.xdist_group("telegram documents")

ARABIC = phrases("ar")
SAYS = ARABIC.documents
FORMATS = DATA / "formats"
LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n\nوينتهي العقد في آخر السنة.\n"
OTHER = "دليل الحديقة\n\nتُسقى أشجار الليمون مرتين في الأسبوع، وتُقلَّم في آخر الشتاء.\n"
ASKED, ANSWER = "كم يدفع المستأجر كمال الزهراني؟", "ثلاثة آلاف ريال"
SETTINGS = {"IQTIBAS_QUESTIONS_PER_MINUTE": "9999", "IQTIBAS_FILES_PER_CHAT": "3", "IQTIBAS_MIN_CONFIDENCE": "0.25"}
people, groups = count(6001), count(-6001, -1)


@pytest.fixture(scope="module")
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with serving(server, tmp_path_factory.mktemp("bot"), **SETTINGS) as running:
        yield running


@pytest.fixture
def user(bot: BotProcess) -> int:
    return next(people)


@pytest.fixture
def chat(bot: BotProcess) -> int:
    return next(groups)


def answers(server: TelegramServer, chat: int, more: int = 1) -> list[Call]:
    """The next messages in a chat, beyond those that were read already."""
    read = _read.get(chat, 0)
    calls = server.wait_for("sendMessage", read + more, chat_id=chat)[read:]
    _read[chat] = read + len(calls)
    return calls


_read: dict[int, int] = {}


def say(server: TelegramServer, chat: int, text: str) -> str:
    server.say(chat, text)
    (answer,) = answers(server, chat)
    return answer.message.text


def give(server: TelegramServer, chat: int, name: str = "عقد.txt", text: str = LEASE) -> str:
    send(server, chat, name, text.encode())
    (told,) = answers(server, chat)
    return told.message.text


def added(name: str) -> str:
    return SAYS["added"].format(name=ARABIC.isolated(name))


@pytest.mark.parametrize("name", ["museum.docx", "forest.docx", "blogger.xml", "bridge.html", "museum.pdf"])
def test_a_file_that_was_sent_answers_with_its_name(server: TelegramServer, user: int, name: str) -> None:
    lines = (FORMATS.parent / f"{'pdf' if name.endswith('pdf') else 'formats'}_questions.jsonl").read_text("utf-8")
    case = next(case for case in map(json.loads, lines.splitlines()) if case["document"].startswith(name))
    send(server, user, name, next(FORMATS.rglob(name)).read_bytes())
    assert [told.message.text for told in answers(server, user)] == [added(name)]
    assert case["quote"] in say(server, user, case["question"])


def test_a_caption_is_a_question(server: TelegramServer, user: int) -> None:
    send(server, user, "عقد.txt", LEASE.encode(), caption=ASKED)
    told, answer = answers(server, user, 2)
    assert told.message.text == added("عقد.txt")
    assert ANSWER in answer.message.text


def test_a_caption_asks_the_file_that_it_stands_under_before_all_others(server: TelegramServer, user: int) -> None:
    asked = "كم يدفع المستأجر؟"
    give(server, user, "قديم.txt", LEASE.replace("ثلاثة", "خمسة").replace("المستأجر كمال الزهراني", "المستأجر"))
    send(server, user, "جديد.txt", LEASE.encode(), caption=asked)
    told, answer = answers(server, user, 2)
    assert told.message.text == added("جديد.txt")
    assert ANSWER in answer.message.text
    assert "خمسة آلاف ريال" in say(server, user, asked)
    send(server, user, "حديقة.txt", OTHER.encode(), caption=ASKED)
    assert "ريال" in answers(server, user, 2)[1].message.text


def test_nobody_else_is_answered_from_it_not_even_inline(server: TelegramServer, user: int) -> None:
    give(server, user)
    assert ANSWER in say(server, user, ASKED)
    refused = say(server, next(people), ASKED)
    assert ANSWER not in refused
    assert "عقد الإيجار" not in refused


def test_what_cannot_be_read_is_said_kindly(server: TelegramServer, user: int) -> None:
    fetched = server.arrivals("getFile")
    send(server, user, "لعبة.exe", b"MZ")
    assert answers(server, user)[0].message.text == SAYS["unknown_kind"].format(
        kinds=ARABIC.comma.join(map(ARABIC.isolated, ENDINGS))
    )
    send(server, user, "كبير.pdf", b"%PDF", size=21 * 2**20)
    assert "20 ميغابايت" in answers(server, user)[0].message.text
    assert server.arrivals("getFile") == fetched
    send(server, user, "تالف.pdf", b"%PDF-1.4 and nothing else")
    assert answers(server, user)[0].message.text == SAYS["damaged"].format(name=ARABIC.isolated("تالف.pdf"))
    server.fail("getFile", status=400, description="Bad Request: file is too big")
    assert give(server, user) == SAYS["not_fetched"]
    assert say(server, user, "/mydocs") == SAYS["none"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("فارغ.docx", b"", "empty"),
        ("مقفل.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("حروف.pdf", (DATA / "letters" / "no-tounicode.pdf").read_bytes(), "letters"),
        ("برنامج.doc", bytes(range(256)), "damaged"),
        ("ثنائي.txt", b"\0\1", "not_text"),
        ("عميق.json", b"[" * 300_000, "too_hard"),
    ],
)
def test_why_a_file_cannot_be_read_is_said(
    server: TelegramServer, user: int, name: str, content: bytes, reason: str
) -> None:
    send(server, user, name, content)
    assert answers(server, user)[0].message.text == SAYS[reason].format(name=ARABIC.isolated(name))


def test_more_than_a_chat_may_hold_is_refused(server: TelegramServer, user: int) -> None:
    for number in range(3):
        assert give(server, user, f"{number}.txt", f"{LEASE}{number}") == added(f"{number}.txt")
    assert give(server, user, "2.txt", f"{LEASE}2") == added("2.txt")  # the same again is no other
    assert give(server, user, "3.txt", f"{LEASE}3").startswith("بلغت ملفات هذه المحادثة أقصى ما أحفظه لها، وهو 3 ملفات")


def test_an_album_is_answered_in_one_message(server: TelegramServer, user: int) -> None:
    for name in ("أ.txt", "ب.txt", "ج.exe"):
        send(server, user, name, LEASE.encode(), album=f"album {user}")
    (told,) = answers(server, user)
    _, last = server.wait_for("editMessageText", 2, chat_id=user)
    assert last.message.text.splitlines()[:2] == [added("أ.txt"), added("ب.txt")]
    assert len(last.message.text.splitlines()) == 3
    assert told.response
    assert last.fields["message_id"] == str(told.response["result"]["message_id"])


def test_an_albums_caption_is_answered_from_all_its_files(server: TelegramServer, user: int) -> None:
    send(server, user, "أ.txt", OTHER.encode(), caption=ASKED, album=f"album {user}")
    send(server, user, "ب.txt", LEASE.encode(), album=f"album {user}")
    _, answer = answers(server, user, 2)
    assert ANSWER in answer.message.text


@pytest.mark.parametrize("called", [0, 1], ids=["the first", "the last"])
def test_in_a_group_one_caption_gives_the_bot_the_whole_album(server: TelegramServer, chat: int, called: int) -> None:
    caption = f"{MENTION} {ASKED}"
    for place, (name, text) in enumerate((("أ.txt", OTHER), ("ب.txt", LEASE))):
        send(server, chat, name, text.encode(), caption=caption * (place == called), user=7, album=f"album {chat}")
    _, answer = answers(server, chat, 2)
    (grown,) = server.wait_for("editMessageText", chat_id=chat)
    assert set(grown.message.text.splitlines()) == {added("أ.txt"), added("ب.txt")}
    assert ANSWER in answer.message.text


def test_in_a_group_an_album_that_does_not_call_the_bot_is_not_taken(server: TelegramServer, chat: int) -> None:
    for name in ("أ.txt", "ب.txt"):
        send(server, chat, name, LEASE.encode(), user=7, album=f"album {chat}")
    time.sleep(1.5)
    write(server, chat, 7, "/mydocs")
    assert answers(server, chat)[0].message.text == SAYS["none"]


def test_a_file_is_deleted_by_its_button_or_by_its_number(server: TelegramServer, user: int) -> None:
    give(server, user, "عقد.txt")
    give(server, user, "lease.txt", f"{LEASE} ")
    server.say(user, "/mydocs")
    (listed,) = answers(server, user)
    assert "ملفان" in listed.message.text
    assert len(buttons(listed)) == 2
    answer = press(server, listed, buttons(listed)["احذف 1"], user=user)
    assert answer.fields["text"] == SAYS["deleted"].format(name=ARABIC.isolated("عقد.txt"))
    (changed,) = server.wait_for("editMessageText", chat_id=user)
    assert "ملف واحد" in changed.message.text
    stale = press(server, listed, buttons(listed)["احذف 1"], user=user)
    assert stale.fields["text"] == ARABIC.button_too_old
    assert say(server, user, "/delete") == SAYS["delete_which"]
    assert say(server, user, "/delete ٧") == SAYS["no_such"]
    assert say(server, user, "/delete ١") == SAYS["deleted"].format(name=ARABIC.isolated("lease.txt"))
    assert ANSWER not in say(server, user, ASKED)


def test_another_chat_s_button_deletes_nothing(server: TelegramServer, user: int) -> None:
    give(server, user)
    server.say(user, "/mydocs")
    (listed,) = answers(server, user)
    (data,) = buttons(listed).values()
    other = next(people)
    chat = {"id": other, "type": "private", "first_name": "سائل"}
    assert press(server, listed, data, user=other, chat=chat).fields["text"] == ARABIC.button_too_old
    assert ANSWER in say(server, user, ASKED)


def test_a_group_has_files_of_its_own_that_only_their_giver_deletes(server: TelegramServer, chat: int) -> None:
    giver, other = next(people), next(people)
    send(server, chat, "سر.txt", LEASE.encode(), user=giver)  # nobody spoke to the bot
    send(server, chat, "عقد.txt", LEASE.encode(), caption=f"{MENTION} {ASKED}", user=giver)
    told, answer = answers(server, chat, 2)
    assert told.message.text == added("عقد.txt")
    assert ANSWER in answer.message.text
    write(server, chat, other, "/mydocs")
    (listed,) = answers(server, chat)
    assert "سائل" in listed.message.text
    assert "سر.txt" not in listed.message.text
    (data,) = buttons(listed).values()
    assert press(server, listed, data, user=other, chat=group(chat)).fields["text"] == SAYS["not_yours"]
    write(server, chat, other, f"/ask {ASKED}")
    assert ANSWER in answers(server, chat)[0].message.text
    assert ANSWER not in say(server, giver, ASKED)
    assert "احذف" not in str(buttons(listed).values())
    assert press(server, listed, data, user=giver, chat=group(chat)).fields["text"].startswith("حذفت")


def test_what_is_kept_is_told(server: TelegramServer, user: int) -> None:
    told = say(server, user, "/privacy")
    assert "30 يوما" in told
    assert "30 دقيقة" in told
    assert "يومان" in told


def forms(words: str) -> list[bytes]:
    """Words as a file may hold them."""
    return [words.encode(), words.encode("utf-16-le"), json.dumps(words)[1:-1].encode(), words.encode("cp1256")]


def found(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    """The files of a folder that hold any of some words, by their content or by their names."""
    return [
        (path.name, word)
        for path in folder.rglob("*")
        for word in words
        if word in path.name or (path.is_file() and any(form in path.read_bytes() for form in forms(word)))
    ]


def test_who_is_forgotten_leaves_no_word_behind(tmp_path: Path) -> None:
    user, other = 71, 72
    words = ["الزهراني", "المستأجر", "سردابية", "بستانية"]
    with TelegramServer() as server:
        with serving(server, tmp_path, **SETTINGS, IQTIBAS_READER="on") as bot:
            _read.clear()
            give(server, user, "سردابية.txt")
            say(server, user, ASKED)
            say(server, user, "من زرع شجرة بستانية؟")
            server.say(user, ASKED)
            (answer,) = answers(server, user)
            press(server, answer, next(data for text, data in buttons(answer).items() if text == "👍"), user=user)
            send(server, -70, "ب.txt", LEASE.encode(), caption=f"{MENTION} {ASKED}", user=user)
            answers(server, -70, 2)
            bot.wait_for_log("vectors of a chat's files: made", 120)
            assert list((tmp_path / "data" / "vectors").iterdir())
            assert {word for _, word in found(tmp_path, words)} >= {"الزهراني", "المستأجر", "سردابية"}
            server.say(user, "/forgetme")
            (confirm,) = answers(server, user)
            ((text, data),) = buttons(confirm).items()
            assert text == SAYS["button_forget"]
            chat = {"id": other, "type": "private", "first_name": "سائل"}
            refused = press(server, confirm, data, user=other, chat=chat)
            assert refused.fields["text"] == SAYS["not_asked_by_you"]
            press(server, confirm, data, user=user)
            (changed,) = server.wait_for("editMessageText", chat_id=user)
            assert changed.message.text == SAYS["forgotten"]
            end = time.monotonic() + PATIENCE
            while found(tmp_path, words) and time.monotonic() < end:
                time.sleep(0.1)
            assert found(tmp_path, words) == []
            assert list((tmp_path / "data" / "vectors").iterdir()) == []
            assert ANSWER not in say(server, user, "كم يدفع كمال كل شهر؟")
            assert say(server, user, "/mydocs") == SAYS["none"]
        assert found(tmp_path, ["الزهراني", "سردابية"]) == []


def wait_until_handled(home: Path) -> None:
    """Wait until nothing is left in the inbox: it is written down that the replies arrived."""
    address = f"file:{home / 'data' / NAME}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as state:
        end = time.monotonic() + PATIENCE
        while state.execute("SELECT count(*) FROM updates WHERE body NOT NULL").fetchone() != (0,):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_files_are_still_there_after_a_crash(tmp_path: Path) -> None:
    _read.clear()
    with TelegramServer() as server:
        with BotProcess(server.url, server.token, tmp_path, settings=SETTINGS) as bot:
            give(server, 81)
            wait_until_handled(tmp_path)
            bot.kill()
        with serving(server, tmp_path, **SETTINGS):
            assert ANSWER in say(server, 81, ASKED)


@pytest.mark.soak
def test_of_two_people_s_documents_nothing_crosses_in_two_hundred_questions(tmp_path: Path) -> None:
    _read.clear()
    own = {
        91: (
            "مزرعة\n\nباعت نجلاء القحطاني أربعين جملا في سوق عنيزة.\n\nوزرعت الخزامى خلف السور.\n",
            [
                "كم جملا باعت نجلاء القحطاني؟",
                "ما الذي زرعته خلف السور؟",
                "من باعت الجمال في عنيزه؟",
                "أين الخزامي؟",
            ],
            ["نجلاء", "القحطاني", "عنيزة", "الخزامى", "جملا", "مزرعة"],
        ),
        92: (
            "مرفأ\n\nاستأجر توفيق العبادي سفينة من ميناء سمهرم بتسعين دينارا.\n\nوخزن اللبان في الكهف.\n",
            [
                "بكم استأجر توفيق العبادي السفينة؟",
                "أين خزن اللبان؟",
                "من أين سفينة توفيق؟",
                "كم دينارا دفع العبادى؟",
            ],
            ["توفيق", "العبادي", "سمهرم", "اللبان", "دينارا", "مرفأ"],
        ),
    }
    chance = random.Random(4)  # noqa: S311
    with TelegramServer() as server, serving(server, tmp_path, **SETTINGS | {"IQTIBAS_CORPUS": str(CORPUS)}):
        for user, (text, _, _) in own.items():
            give(server, user, "وثيقة.txt", text)
        right = 0
        for _ in range(200):
            user, asks_own = chance.choice((91, 92)), chance.random() < 0.5
            other = 183 - user
            question = chance.choice(own[user if asks_own else other][1])
            shown = say(server, user, question)
            asked_for = {word for word in own[other][2] if word in question}
            # a refusal names the words of the question itself
            assert [word for word in own[other][2] if word in shown and word not in asked_for] == [], (question, shown)
            right += asks_own and any(word in shown for word in own[user][2])
        assert right > 60
