"""A running bot answers at once, while a machine reads the scanned pages of its corpus, and then from these too."""

import json
import shutil
from pathlib import Path

import pytest
from bot_process import serving
from emulator import TelegramServer
from emulator_files import send
from places import DATA

from bot.phrases import phrases
from retrieval.documents.scans import recognition

pytestmark = pytest.mark.skipif(recognition.data() is None, reason="no text recognition here: the extra ocr")

NAME = "09-company-faq"
TEXT = "خبر\n\nافتتح الوزير الجسر الجديد في مدينة الرقة يوم الخميس بعد ثلاث سنوات من العمل."


def test_the_rest_answers_while_scans_are_read_and_then_they_do(tmp_path: Path) -> None:
    corpus, home = tmp_path / "corpus", tmp_path / "home"
    corpus.mkdir()
    home.mkdir()
    (corpus / "news.txt").write_text(TEXT, "utf-8")
    shutil.copy(DATA / "scans" / f"{NAME}.pdf", corpus)
    lines = map(json.loads, (DATA / "single_questions.jsonl").read_text("utf-8").splitlines())
    asked = next(line["question"] for line in lines if line["document"] == f"{NAME}.txt")
    settings = {"IQTIBAS_CORPUS": str(corpus), "IQTIBAS_READER": "off", "IQTIBAS_MIN_CONFIDENCE": "0.1"}
    with TelegramServer() as server, serving(server, home, **settings) as bot:
        assert "documents=1 passages=1 not_read=1" in bot.log
        server.say(7, "متى افتتح الوزير الجسر الجديد؟")
        (answer,) = server.wait_for("sendMessage", chat_id=7)
        assert "يوم الخميس" in answer.message.text
        (line,) = bot.wait_for_log("scans of")
        assert f"scans of {NAME}.pdf: read, pages=1" in line
        server.say(7, asked)
        answer = server.wait_for("sendMessage", 2, chat_id=7)[-1]
        assert phrases("ar").read_by_machine in answer.message.text


def test_scans_that_a_chat_gives_are_read_while_the_rest_answers_and_whoever_gave_them_is_told(tmp_path: Path) -> None:
    lines = map(json.loads, (DATA / "single_questions.jsonl").read_text("utf-8").splitlines())
    asked = next(line["question"] for line in lines if line["document"] == f"{NAME}.txt")
    says, name = phrases("ar"), f"{NAME}.pdf"
    with TelegramServer() as server, serving(server, tmp_path, IQTIBAS_READER="off", IQTIBAS_MIN_CONFIDENCE="0.1"):
        send(server, 7, name, (DATA / "scans" / name).read_bytes(), caption="كم عدد أقمار المشتري؟")
        told, refused, read = server.wait_for("sendMessage", 3, chat_id=7)
        pages = says.counted("pages", 1)
        assert told.message.text == says.documents["added_scans"].format(name=says.isolated(name), pages=pages)
        assert says.documents["scans_wait"] in refused.message.text
        assert read.message.text == says.documents["scans_read"].format(name=says.isolated(name))
        server.say(7, asked)
        answer = server.wait_for("sendMessage", 4, chat_id=7)[-1]
        assert says.read_by_machine in answer.message.text
