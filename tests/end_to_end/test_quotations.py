"""A running bot and a Bot API server: a quotation is checked, against the common sources and the chat's own."""

from collections.abc import Iterator
from itertools import count

import pytest
from bot_process import BotProcess, serving
from emulator import TelegramServer

from bot.phrases import phrases

pytestmark = pytest.mark.xdist_group("telegram")

SAYS = phrases("ar")
SENTENCE = "وتقع درعا على مقربة من الحدود السورية مع الاردن واسرائيل"
numbers = count(4001)


@pytest.fixture(scope="module", autouse=True)
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with serving(server, tmp_path_factory.mktemp("bot")) as running:
        yield running


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"/verify {SENTENCE}", ["حرفا بحرف", SENTENCE, "تأجيل مباحثات الأستانة"]),
        (f"«{SENTENCE}»", ["حرفا بحرف", SENTENCE]),
        (f"«{SENTENCE.replace('على', 'علي')}»", ["في النص «علي»، وفي المصدر «على»."]),
        ("/verify وصلت القافلة إلى الواحة بعد مسير طويل", [SAYS.verdicts["absent"]]),
    ],
)
def test_a_quotation_is_checked(server: TelegramServer, text: str, said: list[str]) -> None:
    chat = next(numbers)
    server.say(chat, text)
    (call,) = server.wait_for("sendMessage", 1, chat_id=chat)
    assert [part for part in said if part not in call.text] == []
