"""Makes the state that tests/data/kept/README.md tells of, with the code of the checkout in which it is run.

    python tests/support/making_kept.py FOLDER

FOLDER gets what a bot had kept: its database with something in each table, and the index of tests/data/kept/corpus.
Only names that commit 20b033e had are used, so that a copy of this file runs in a checkout of that commit or a later.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.store.answers import Answers, Place, Shown
from bot.store.chats import Chats
from bot.store.database import Database
from bot.store.feedback import Feedback, Opinion, quoted
from bot.store.files import Files
from bot.store.inbox import Inbox
from bot.store.threads import StoredThreads
from retrieval import Library

CORPUS = Path(__file__).resolve().parents[1] / "data" / "kept" / "corpus"
ASKED = "كم كلف ترميم الجسر الشمالي؟"


def make(folder: Path) -> None:
    """Fills a new state folder."""
    library = Library.open(CORPUS, engine="disk", index=folder / "index" / "key", min_confidence=0.2)
    (quote, *_) = library.ask(ASKED).quotes
    library.close()
    database = Database(folder)
    since = datetime(2025, 1, 2, tzinfo=UTC).timestamp()
    Chats(database).note(-100, "supergroup", "member")
    Files(database).add(11, 11, "سعاد", "rent.txt", 120)
    Inbox(database, clock=lambda: since).keep([{"update_id": 7, "message": {"text": ASKED}}])
    StoredThreads(database).keep(11, 0, since, ASKED)
    shown = Shown(11, 11, ASKED, ASKED, places=(Place.of(quote),), since=since, id="kept-answer1")
    Answers(database, clock=lambda: since).keep(shown)
    Feedback(database).keep(Opinion(shown.id, 11, 11, True, ASKED, ASKED, None, (quoted(quote),), since))
    database.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
