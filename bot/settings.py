"""What an operator sets: the environment first, then ``iqtibas.toml`` in the working folder, then defaults.

It is read once, by ``load``; the environment is handed in and looked at nowhere else. All mistakes are reported
together, each with its mend, so that nobody has to start the program once a mistake.
"""

import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from retrieval.errors import IqtibasError

FILE = "iqtibas.toml"
NAMES = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_URL",
    "IQTIBAS_CORPUS",
    "IQTIBAS_DATA",
    "IQTIBAS_ENGINE",
    "IQTIBAS_MIN_CONFIDENCE",
    "IQTIBAS_READER",
    "IQTIBAS_THREADS",
    "IQTIBAS_ADMINS",
    "IQTIBAS_ALLOWED",
    "IQTIBAS_QUESTIONS_PER_MINUTE",
    "IQTIBAS_LOG_TEXT",
    "IQTIBAS_FLOOD_CONTROL",
    "IQTIBAS_FILES_PER_CHAT",
    "IQTIBAS_MEGABYTES_PER_CHAT",
    "IQTIBAS_WELCOME",
    "IQTIBAS_EXAMPLES",
    "IQTIBAS_CONTACT",
)
SWITCHES = {"IQTIBAS_READER", "IQTIBAS_LOG_TEXT", "IQTIBAS_FLOOD_CONTROL"}
"""Those that are on or off."""
ENGINES = ("auto", "memory", "disk")
API_URL = "https://api.telegram.org"
QUESTIONS_PER_MINUTE = 20
FILES_PER_CHAT, MEGABYTES_PER_CHAT = 20, 50
LONGEST_WELCOME, LONGEST_EXAMPLE, LONGEST_CONTACT, MOST_EXAMPLES = 1000, 120, 200, 3
SHIPPED_EXAMPLE = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
"""A question that the shipped documents answer; no other corpus need."""
MOST_FILES, MOST_MEGABYTES, MOST_THREADS = 40, 1000, 64

_ON, _OFF = ("on", "true", "1"), ("off", "false", "0")

T = TypeVar("T")


class SettingsError(IqtibasError):
    """The settings cannot be used. ``str()`` has one line a mistake, each naming the mend."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Voice:
    """The operator's own words; what is empty the bot says by itself, or nobody does."""

    welcome: str = ""
    examples: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. Paths are absolute or relative to the folder that ``load`` was given.

    ``min_confidence`` is between 0 and 1; ``None`` leaves it to the library. ``reader``: whether the networks rank too;
    ``threads``: how many cores work on one question. ``api_url`` has no path and no closing slash. The token never
    shows in ``repr``. ``admins`` are ids of users, ``allowed`` of users and chats; empty, it lets everybody in.
    ``log_text``: whether questions may stand in the log.
    ``flood_control``: whether to keep to Telegram's limits on sending before it refuses.
    ``files_per_chat``, ``megabytes_per_chat``: how much a chat may give; 0 for nothing. ``voice``: the operator's.
    """

    corpus: Path
    data: Path
    token: str | None = field(default=None, repr=False)
    api_url: str = API_URL
    engine: str = "auto"
    min_confidence: float | None = None
    reader: bool = True
    threads: int = 1
    admins: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()
    questions_per_minute: int = QUESTIONS_PER_MINUTE
    log_text: bool = False
    flood_control: bool = True
    files_per_chat: int = FILES_PER_CHAT
    megabytes_per_chat: int = MEGABYTES_PER_CHAT
    voice: Voice = field(default_factory=Voice)


def load(environ: Mapping[str, str], folder: Path) -> Settings:
    """The settings from ``environ`` and ``folder``'s ``iqtibas.toml``. Raises ``SettingsError`` with all mistakes."""
    mistakes: list[str] = []
    values = _from_file(folder / FILE, mistakes) | _from_environment(environ)

    def read(name: str, parse: Callable[[str], T], default: T) -> T:
        if name not in values:
            return default
        try:
            return parse(values[name])
        except ValueError as error:
            mistakes.append(f"{name}: {error}")
            return default

    corpus = read("IQTIBAS_CORPUS", lambda value: folder / Path(value).expanduser(), shipped_corpus())
    settings = Settings(
        token=read("TELEGRAM_BOT_TOKEN", _token, None),
        api_url=read("TELEGRAM_API_URL", _api_url, API_URL),
        corpus=corpus,
        data=read("IQTIBAS_DATA", lambda value: folder / Path(value).expanduser(), folder / "iqtibas-data"),
        engine=read("IQTIBAS_ENGINE", _engine, "auto"),
        min_confidence=read("IQTIBAS_MIN_CONFIDENCE", _confidence, None),
        reader=read("IQTIBAS_READER", _switch, True),
        threads=read("IQTIBAS_THREADS", _threads, 1),
        admins=read("IQTIBAS_ADMINS", _users, frozenset()),
        allowed=read("IQTIBAS_ALLOWED", _ids, frozenset()),
        questions_per_minute=read("IQTIBAS_QUESTIONS_PER_MINUTE", _a_minute, QUESTIONS_PER_MINUTE),
        log_text=read("IQTIBAS_LOG_TEXT", _switch, False),
        flood_control=read("IQTIBAS_FLOOD_CONTROL", _switch, True),
        files_per_chat=read("IQTIBAS_FILES_PER_CHAT", _files, FILES_PER_CHAT),
        megabytes_per_chat=read("IQTIBAS_MEGABYTES_PER_CHAT", _megabytes, MEGABYTES_PER_CHAT),
        voice=Voice(
            read("IQTIBAS_WELCOME", lambda value: _told(value, LONGEST_WELCOME), ""),
            read("IQTIBAS_EXAMPLES", _examples, (SHIPPED_EXAMPLE,) if corpus == shipped_corpus() else ()),
            read("IQTIBAS_CONTACT", lambda value: _told(value, LONGEST_CONTACT), ""),
        ),
    )
    if settings.data.resolve() == settings.corpus.resolve():
        mistakes.append(f"IQTIBAS_DATA: {settings.data} is the corpus too: give the state a folder of its own")
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def shipped_corpus() -> Path:
    """The documents that come with the program: inside the package when installed, beside it in a checkout."""
    installed = Path(__file__).parent / "corpus"
    return installed if installed.exists() else Path(__file__).parent.parent / "corpus"


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name].strip() for name in NAMES if environ.get(name, "").strip()}


def _from_file(path: Path, mistakes: list[str]) -> dict[str, str]:
    values = {}
    for key, value in _parsed(path, mistakes).items():
        if key not in map(str.lower, NAMES):
            mistakes.append(f"{path.name}: there is no setting {key!r}; did you mean {_nearest(key)!r}?")
        elif isinstance(value, bool) and key.upper() in SWITCHES:
            values[key.upper()] = _ON[0] if value else _OFF[0]
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            mistakes.append(f'{path.name}: {key} must be a text or a number; write {key} = "…"')
        elif str(value).strip():
            values[key.upper()] = str(value).strip()
    return values


def _parsed(path: Path, mistakes: list[str]) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:  # its text names line and column
        mistakes.append(f'{path.name} is not TOML: {error}; mend that line, as in: iqtibas_engine = "auto"')
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        mistakes.append(f"{path.name} is not UTF-8 at line {line}; save it as UTF-8")
    except OSError as error:
        mistakes.append(f"{path.name} cannot be read ({error.strerror}); make it readable or remove it")
    return {}


def _nearest(key: str) -> str:
    return get_close_matches(key.lower(), [name.lower() for name in NAMES], n=1, cutoff=0)[0]


def _token(value: str) -> str | None:
    if not re.fullmatch(r"\d+:[\w-]+", value, re.ASCII):  # the value itself must not be repeated: it is a secret
        raise ValueError("this is not a bot's token; copy it from @BotFather, it looks like 123456:AbC-dEf")
    return value


def _api_url(value: str) -> str:
    mend = f"write only scheme, host and port, as in {API_URL}"
    parts = urlsplit(value)
    try:
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:  # urlsplit judges a port only when it is asked for
        whole = False
    if not whole:
        raise ValueError(f"{value!r} is not the address of a Bot API server; {mend}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{value!r} has more than scheme, host and port; {mend}")
    return f"{parts.scheme}://{parts.netloc}"


def _engine(value: str) -> str:
    if value.lower() not in ENGINES:
        nearest = get_close_matches(value.lower(), ENGINES, n=1, cutoff=0)[0]
        raise ValueError(f"there is no engine {value!r}; did you mean {nearest!r}? ({', '.join(ENGINES)})")
    return value.lower()


def _confidence(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise ValueError(f"{value!r} is not a number from 0 to 1; write one, as in 0.4, or leave it out")
    return number


def _ids(value: str) -> frozenset[int]:
    parts = [part.strip() for part in value.split(",")]
    for part in parts:
        if not re.fullmatch(r"-?[1-9][0-9]{0,15}", part):
            raise ValueError(f"{part!r} is not the id of a user or chat; write numbers, as in 123456, -1001234567890")
    return frozenset(map(int, parts))


def _users(value: str) -> frozenset[int]:
    ids = _ids(value)
    if min(ids) < 0:
        raise ValueError(f"{min(ids)} is the id of a group; an admin is a user, with a number above 0")
    return ids


def _a_minute(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", value):
        raise ValueError(f"{value!r} is not a number of questions; write one from 1 up, as in {QUESTIONS_PER_MINUTE}")
    return int(value)


def _threads(value: str) -> int:
    return _between(value, 1, MOST_THREADS, "cores")


def _files(value: str) -> int:
    return _between(value, 0, MOST_FILES, "files")


def _megabytes(value: str) -> int:
    return _between(value, 0, MOST_MEGABYTES, "megabytes")


def _told(value: str, longest: int) -> str:
    """Words of the operator's, that keep the order of what stands around them."""
    if len(value) > longest:
        raise ValueError(f"it has {len(value):,} characters; write at most {longest:,}")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter != "\n" for letter in value):
        raise ValueError("it holds a character that cannot be seen; take that out")
    return value


def _examples(value: str) -> tuple[str, ...]:
    questions = tuple(filter(None, (" ".join(question.split()) for question in value.split("|"))))
    if len(questions) > MOST_EXAMPLES:
        raise ValueError(f"these are {len(questions)} questions; write at most {MOST_EXAMPLES}, with | between them")
    return tuple(_told(question, LONGEST_EXAMPLE) for question in questions)


def _between(value: str, least: int, most: int, of: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
        raise ValueError(f"{value!r} is not a number of {of} from {least} to {most:,}; write one, or leave it out")
    return int(value)


def _switch(value: str) -> bool:
    if value.lower() not in _ON + _OFF:
        raise ValueError(f"{value!r} is neither on nor off; write on or off (or 1 or 0), or leave it out")
    return value.lower() in _ON
