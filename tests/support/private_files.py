"""Files that people give in their chats, and the libraries of those."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.sources.private import PrivateLibraries, Quota
from bot.store.database import Database
from bot.store.files import Files
from retrieval import Library, Preparer

LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n\nوينتهي العقد في آخر السنة.\n"
RECIPE = "وصفة الجدة\n\nتوضع في القدر خمس حبات من الهيل قبل الأرز بربع ساعة.\n\nثم يغطى القدر حتى ينضج.\n"
ASKED_LEASE, ASKED_RECIPE = "كم يدفع المستأجر كمال الزهراني؟", "كم حبة من الهيل توضع في القدر؟"
SAMI, LAYLA, GROUP = 11, 22, -33


@contextmanager
def opened(folder: Path, quota: Quota | None = None, preparer: Preparer | None = None) -> Iterator[PrivateLibraries]:
    with closing(Database(folder)) as database:
        yield PrivateLibraries(
            Files(database), folder / "files", quota or Quota(), min_confidence=0.2, preparer=preparer
        )


def add(libraries: PrivateLibraries, chat: int, text: str, name: str = "a.txt", giver: int | None = None) -> int:
    return libraries.add(chat, giver or chat, "سامي", name, text.encode()).id


def ready(libraries: PrivateLibraries, chat: int) -> Library | None:
    """The library of a chat, prepared."""
    libraries.make_ready(chat)
    return libraries.of(chat)
