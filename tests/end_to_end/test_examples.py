"""A running bot makes examples of what it holds, and its buttons under /start and /help ask them."""

from pathlib import Path

from bot_process import serving
from emulator import TelegramServer
from emulator_buttons import buttons, press

from bot.phrases import phrases

BRIDGE = "افتتح العمدة الجسر القديم يوم الأحد بعد ترميم طويل."
QUESTION = "متى افتتح العمدة الجسر القديم؟"


def test_the_examples_under_start_and_help_are_answered(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (home := tmp_path / "bot").mkdir()
    (corpus / "bridge.txt").write_text(f"أخبار الجسر\n\n{BRIDGE}\n\nوحضر الناس، وبقوا إلى المساء.\n", "utf-8")
    settings = {"IQTIBAS_CORPUS": str(corpus), "IQTIBAS_READER": "off", "IQTIBAS_MIN_CONFIDENCE": "0.05"}
    with TelegramServer() as server, serving(server, home, **settings) as bot:
        bot.wait_for_log("examples made=1")
        for number, command in enumerate(("/start", "/help"), 1):
            server.say(7, command)
            welcome = server.wait_for("sendMessage", number * 2 - 1, chat_id=7)[-1]
            assert phrases("ar").example.format(question=QUESTION) in welcome.message.text
            press(server, welcome, buttons(welcome)[QUESTION], user=7)
            assert BRIDGE in server.wait_for("sendMessage", number * 2, chat_id=7)[-1].message.text
