"""What of a poll is taken in: so much of each chat and of each sender at a time, and no more, whatever they send.

What is over it is not even stored, so that a flood costs next to nothing, and the others' updates wait behind it
neither here nor at Telegram. The first that is over in a while is let in, marked, so that its sender can be told.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from bot.conversation.limits import Allowance
from bot.telegram.transport.updates import has_id

T = TypeVar("T")
Lane: TypeAlias = tuple[int | None, int]
"""A chat; or None and a sender, of whom what has no chat goes by."""

QUEUE = 64
"""Updates of a chat that wait or are handled at once."""
OF_ONE = 32
"""Those of one sender among them, so that in a group one person leaves room for the others."""
HEARD = 10
"""How many times as many updates are taken in of a sender as they may have answered: in a group most are not for the
bot, and in inline mode each letter is one."""

_KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member", "message_reaction")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an update comes from: its lane, its sender, its kind."""

    lane: Lane
    sender: int
    kind: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A chat with updates that wait or are handled: how many."""

    chat: int
    updates: int


class Intake:
    """Counts what waits by chat and by sender, from the poll until it is handled. ``answered``: how many replies a
    minute a sender may have. For use on one thread."""

    def __init__(self, answered: int) -> None:
        self._heard = Allowance(answered * HEARD)
        self._crowded = Allowance(0)
        self._held: dict[int, Origin] = {}
        self._lanes: Counter[Lane] = Counter()
        self._senders: Counter[tuple[Lane, int]] = Counter()
        self._over: set[int] = set()
        self.dropped = 0
        """Updates that were not taken in since the start."""

    def sifted(self, polled: bytes) -> bytes:
        """The answer to a poll without the updates that are over what is taken in; the last keeps its id,
        by which Telegram is told that all arrived."""
        try:
            answer = json.loads(polled)
            updates = answer["result"]
            last = updates[-1]["update_id"]
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            return polled  # of no form that is known here; whoever reads it next says so
        kept = [update for update in updates if self._is_taken(update)]
        if len(kept) == len(updates):
            return polled
        if not kept or kept[-1]["update_id"] != last:
            kept.append({"update_id": last})
        return json.dumps({**answer, "result": kept}).encode()

    def hold(self, update: Mapping[str, Any]) -> None:
        """Count an update, as Telegram sent it, that an earlier process took in."""
        if origin := _origin(update):
            self._hold(update["update_id"], origin)

    def done(self, number: int) -> None:
        """An update is handled, or let go."""
        self._over.discard(number)
        if origin := self._held.pop(number, None):
            _one_less(self._lanes, origin.lane)
            _one_less(self._senders, (origin.lane, origin.sender))

    def is_over(self, number: int) -> bool:
        """Whether an update was let in only for its sender to be told that it is too many."""
        return number in self._over

    def of_chat(self, chat: int) -> list[int]:
        """The updates of a chat that wait or are handled."""
        return [number for number, origin in self._held.items() if origin.lane[0] == chat]

    @property
    def waiting(self) -> int:
        """How many updates wait or are handled."""
        return len(self._held)

    def longest(self, most: int) -> list[Waiting]:
        """The chats with the most of them, but for those with one only."""
        chats = Counter({chat: n for (chat, _), n in self._lanes.items() if chat is not None and n > 1})
        return [Waiting(*each) for each in chats.most_common(most)]

    def _is_taken(self, update: Mapping[str, Any]) -> bool:
        origin = _origin(update)
        if origin is None:
            return True
        number = update["update_id"]
        if number in self._held:  # given again where it could not be stored
            return True
        heard = (origin.sender, origin.kind)
        is_heard = self._heard.take(heard)
        if is_heard and self._has_room(origin):
            self._hold(number, origin)
            return True
        self.dropped += 1
        self._crowded.take(origin.sender)
        if not self._crowded.should_tell(origin.sender):
            return False
        self._over.add(number)
        self._hold(number, origin)
        return True

    def _has_room(self, origin: Origin) -> bool:
        return self._lanes[origin.lane] < QUEUE and self._senders[origin.lane, origin.sender] < OF_ONE

    def _hold(self, number: int, origin: Origin) -> None:
        self._held[number] = origin
        self._lanes[origin.lane] += 1
        self._senders[origin.lane, origin.sender] += 1


def _one_less(counts: Counter[T], key: T) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _origin(update: Any) -> Origin | None:
    """Where an update comes from; None for what is taken in whoever sends it: a mere id, a group's new id, which
    Telegram tells once, or what cannot be read, which is for whoever reads it next to say."""
    if not isinstance(update, dict) or not has_id(update):
        return None
    kind = next((kind for kind in _KINDS if kind in update), "")
    told = update.get(kind)
    if not isinstance(told, dict) or "migrate_to_chat_id" in told or "migrate_from_chat_id" in told:
        return None
    shown = told.get("message") if kind == "callback_query" else told
    chat = shown.get("chat") if isinstance(shown, dict) else None
    senders = (told.get(name) for name in ("sender_chat", "from", "user", "actor_chat"))
    sender = next(filter(None, senders), chat or {"id": 0})
    if not all(isinstance(who, dict) and type(who.get("id")) is int for who in (sender, chat or sender)):
        return None
    return Origin((chat["id"], 0) if chat else (None, sender["id"]), sender["id"], kind)
