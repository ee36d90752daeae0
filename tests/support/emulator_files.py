"""Files that people send, as the server of the end-to-end tests keeps them and tells the bot of them."""

import time
from typing import Any

from emulator import TelegramServer
from emulator_groups import MENTION, group, person


def send(
    server: TelegramServer,
    chat: int,
    name: str,
    content: bytes,
    *,
    caption: str = "",
    user: int | None = None,
    size: int | None = None,
    album: str | None = None,
    **more: Any,
) -> int:
    """Somebody sends a file; gives the message's id. In a group, a caption may name the bot.

    ``size`` is what Telegram says of it, by itself the truth; ``album``: the files with the same one go together.
    """
    file = server.hold(content)
    document = {"file_id": file, "file_unique_id": f"{file}u", "file_name": name, "file_size": size or len(content)}
    told: dict[str, Any] = {"document": document, **more}
    if caption:
        server.said.append(caption)
        told["caption"] = caption
    if MENTION in caption:
        offset = len(caption.partition(MENTION)[0].encode("utf-16-le")) // 2
        told["caption_entities"] = [{"type": "mention", "offset": offset, "length": len(MENTION)}]
    if album:
        told["media_group_id"] = album
    where = group(chat) if chat < 0 else {"id": chat, "type": "private", "first_name": "سائل"}
    return server.tell("message", {"date": int(time.time()), "chat": where, "from": person(user or chat), **told})
