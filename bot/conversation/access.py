"""Who may use the bot: everybody, or those whose ids the operator has listed."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """``allowed``: ids of users and chats; empty lets everybody in. ``admins`` always come in.

    ``was`` gives the id that a chat had before it became a supergroup: the operator may have listed that one.
    """

    admins: frozenset[int]
    allowed: frozenset[int]
    was: Callable[[int], int | None]

    def allows(self, *ids: int | None) -> bool:
        """Whether one who has these ids, of a user and of the chat they write in, may use the bot."""
        if not self.allowed:
            return True
        known = {id_ for id_ in ids if id_ is not None}
        return bool(known & (self.allowed | self.admins)) or any(
            self.was(chat) in self.allowed for chat in known if chat < 0
        )
