"""What an operator sets: the environment first, then a file, ``iqtibas.toml`` in the working folder, then defaults.

It is read once, by ``load``; the environment is handed in and looked at nowhere else. Each setting is a row of
``bot.settings.table``. All mistakes are reported together, each with its mend, so that nobody has to start the program
once a mistake.
"""

import hmac
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot import values
from bot.proxies import proxy_of
from bot.settings.table import (
    FILES_PER_CHAT,
    LISTS,
    MEGABYTES_PER_CHAT,
    NAMES,
    QUESTIONS,
    QUESTIONS_PER_MINUTE,
    SETTINGS,
    SWITCHES,
    VERSIONS_DAYS,
    Setting,
)
from bot.values import API_URL, LOOPBACK, TELEGRAM, Networks
from retrieval import Cluster
from retrieval.errors import IqtibasError

FILE = "iqtibas.toml"
FROM_FILE = "_FILE"
"""The end of a name whose value is the path of a file that holds the setting: so a secret need stand nowhere else."""
LARGEST_FILE, LARGEST_TABLE = 64 * 1024, 2**20  # bytes of such a file, and of one of settings
SHIPPED_EXAMPLE = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
"""A question that the shipped documents answer; no other corpus need."""
DEFAULT = "default"
"""Whence a setting comes that nobody set."""
_OTHERS = re.compile(
    r"IQTIBAS_(EVAL_DATA|CONFIG|SERVERS\w*|(\w+_)?SERVICE_(HOST|PORT)\w*|(\w+_)?PORT(_\d+_(TCP|UDP)\w*)?)"
)
"""Names in the environment that are none of these and no slips either: tests', the command line's, and those that
Kubernetes sets for a service of the bot's name."""


class SettingsError(IqtibasError):
    """The settings cannot be used. ``str()`` has one line a mistake, each naming the mend."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Voice:
    """The operator's own words; what is empty the bot says by itself, or nobody does. ``name`` is the bot's;
    ``closing`` stands below each answer."""

    name: str = ""
    welcome: str = ""
    examples: tuple[str, ...] = ()
    contact: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram gives updates: at the address ``url``, behind which something listens at ``listen``, a host and a
    port. ``secret`` stands with each update. ``allowed``: from where they come; ``proxies``: who is believed in that.
    ``certificate`` and ``key`` are files, where TLS ends here."""

    url: str
    listen: tuple[str, int]
    secret: str = field(repr=False)
    allowed: Networks = TELEGRAM
    proxies: Networks = LOOPBACK
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. Paths are absolute or relative to the folder that ``load`` was given. ``at_cluster``
    has together what begins with ``cluster``. ``min_confidence`` is between 0 and 1; ``None`` leaves it to the
    library. ``reader``: whether the networks rank too; ``threads``: how many cores work on one question.
    ``api_url`` has no path and no closing slash. The token never shows in ``repr``. ``database``: the address of a
    server for state and texts; None for files in ``data``. ``admins`` are ids of users, ``allowed`` of users and chats;
    empty, it lets everybody in. ``log_text``: whether questions may stand in the log; ``gaps``: whether those that
    are refused are kept; ``log``: its form, ``log_level``: from where it is written. ``metrics``: the host and the
    port at which figures and health are told. ``webhook`` has together what begins so. ``discussions``: whether
    questions in comments on a channel's posts are answered. ``flood_control``: whether to keep to Telegram's limits
    on sending before it refuses. ``files_per_chat``, ``megabytes_per_chat``: how much a chat may give; 0 for
    nothing. ``versions_days``: for how long the corpus's texts are kept after they changed or went; 0 for not at
    all. ``name``, ``welcome``, ``examples``, ``contact`` and ``closing`` are the operator's own words. ``web``: the
    host and the port at which pages are served; ``web_address``: where readers reach them, without a closing slash;
    ``web_token``: what the JSON interface asks for; ``web_proxies``: networks of proxies whose word on who asks is
    believed. ``proxy``: the address by which the server is reached, as the environment has it. ``unknown``: a line
    for each name in the environment that is no setting.
    """

    corpus: Path
    data: Path
    token: str | None = field(default=None, repr=False)
    api_url: str = API_URL
    database: str | None = field(default=None, repr=False)
    engine: str = "auto"
    cluster: str | None = field(default=None, repr=False)
    cluster_ca: Path | None = None
    cluster_shards: int = 1
    cluster_replicas: int = 1
    min_confidence: float | None = None
    reader: bool = True
    threads: int = 1
    admins: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()
    questions_per_minute: int = QUESTIONS_PER_MINUTE
    log_text: bool = False
    gaps: bool = False
    log: str = "text"
    log_level: str = "info"
    metrics: tuple[str, int] | None = None
    webhook_url: str | None = None
    webhook_listen: tuple[str, int] = ("127.0.0.1", 8080)
    webhook_secret: str | None = field(default=None, repr=False)
    webhook_allowed: Networks = TELEGRAM
    webhook_proxies: Networks = LOOPBACK
    webhook_certificate: Path | None = None
    webhook_key: Path | None = None
    discussions: bool = False
    flood_control: bool = True
    files_per_chat: int = FILES_PER_CHAT
    megabytes_per_chat: int = MEGABYTES_PER_CHAT
    versions_days: int = VERSIONS_DAYS
    name: str = ""
    welcome: str = ""
    examples: tuple[str, ...] = ()
    contact: str = ""
    closing: str = ""
    web: tuple[str, int] | None = None
    web_address: str | None = None
    web_token: str | None = field(default=None, repr=False)
    web_proxies: Networks = LOOPBACK
    proxy: str | None = field(default=None, repr=False)
    unknown: tuple[str, ...] = ()

    @property
    def voice(self) -> Voice:
        """What the operator says."""
        return Voice(self.name, self.welcome, self.examples, self.contact, self.closing)

    @property
    def webhook(self) -> Webhook | None:
        """Where Telegram gives updates; None where the bot asks for them."""
        if self.webhook_url is None:
            return None
        return Webhook(
            self.webhook_url,
            self.webhook_listen,
            self.webhook_secret or _made_of(self.token or ""),
            self.webhook_allowed,
            self.webhook_proxies,
            self.webhook_certificate,
            self.webhook_key,
        )

    @property
    def at_cluster(self) -> Cluster | None:
        """Where the cluster is, with the server of the state for its texts; None where none is named."""
        rest = self.cluster_ca, self.cluster_shards, self.cluster_replicas, self.database
        return None if self.cluster is None else Cluster(tuple(self.cluster.split(",")), *rest)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody else may read: passwords in addresses, what Telegram shows, and what the web's /api asks for."""
        addresses = self.api_url, self.proxy, self.cluster
        passwords = (password for urls in addresses for password in values.passwords_of(urls))
        shown = self.webhook.secret if self.webhook else None
        return tuple(filter(None, (*passwords, values.password_of(self.database), shown, self.web_token)))


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting as it is in force: its value as JSON has it, a secret as stars, and whence it comes."""

    name: str
    value: object
    whence: str


@dataclass(frozen=True, slots=True)
class _Given:
    """What somebody wrote, where, and the folder from which a path in it counts."""

    text: str
    whence: str
    base: Path


def load(environ: Mapping[str, str], folder: Path, config: Path | None = None) -> Settings:
    """The settings from ``environ`` and the file ``config``, by itself ``iqtibas.toml`` in ``folder``, which need not
    be there. Raises ``SettingsError`` with all mistakes."""
    return _read(environ, folder, config)[0]


def in_force(environ: Mapping[str, str], folder: Path, config: Path | None = None) -> tuple[Settings, list[InForce]]:
    """The same, and each with whence it comes. Raises ``SettingsError``."""
    settings, given = _read(environ, folder, config)
    return settings, [
        InForce(
            setting.name,
            _told(setting, getattr(settings, setting.field)),
            given[setting.name].whence if setting.name in given else DEFAULT,
        )
        for setting in SETTINGS
    ]


def sample() -> str:
    """A file of settings in which nothing is set, each named with what it is for and its default."""
    lines = ["# Settings of Iqtibas. The environment comes before this file, with the same names in capitals.",
             "# NAME_file = \"path\" reads one from a file, as a secret."]  # fmt: skip
    for setting in SETTINGS:
        lines += ["", f"# {setting.says}", f"# {setting.name.lower()} = {_sampled(setting)}"]
    return "\n".join(lines) + "\n"


def _read(environ: Mapping[str, str], folder: Path, config: Path | None) -> tuple[Settings, dict[str, _Given]]:
    mistakes: list[str] = []
    path = folder / (config or FILE)
    in_file = _opened(_from_file(path, config is not None, mistakes), mistakes)
    given = in_file | _opened(_from_environment(environ, folder), mistakes)
    read = {setting.field: _parsed(setting, given.get(setting.name), folder, mistakes) for setting in SETTINGS}
    read["corpus"] = read["corpus"] or shipped_corpus()
    if read["examples"] is None:
        read["examples"] = (SHIPPED_EXAMPLE,) if read["corpus"] == shipped_corpus() else ()
    settings = Settings(**read, proxy=proxy_of(environ, read["api_url"]), unknown=_unknown(environ))
    mistakes += _clashes(settings)
    if mistakes:
        raise SettingsError(mistakes)
    return settings, given


def _clashes(settings: Settings) -> Iterator[str]:
    """A line for each two settings that do not go together."""
    if settings.data.resolve() == settings.corpus.resolve():
        yield f"IQTIBAS_DATA: {settings.data} is the corpus too: give the state a folder of its own"
    if settings.engine == "cluster" and settings.cluster is None:
        yield "IQTIBAS_CLUSTER: the engine cluster needs the addresses of its nodes, as in https://host:9200"
    if settings.webhook_url and settings.api_url == API_URL and not values.is_for_telegram(settings.webhook_url):
        ports = ", ".join(map(str, values.TELEGRAMS_PORTS))
        yield f"IQTIBAS_WEBHOOK: Telegram takes https:// only, at the ports {ports}; put a proxy with TLS there"
    if (settings.webhook_certificate is None) != (settings.webhook_key is None):
        yield "IQTIBAS_WEBHOOK_CERTIFICATE and IQTIBAS_WEBHOOK_KEY: set both, or none where a proxy has the certificate"


def _made_of(token: str) -> str:
    """A secret that whoever knows the token has, and nobody else."""
    return hmac.digest(token.encode(), b"webhook", "sha256").hex()


def _parsed(setting: Setting, given: _Given | None, folder: Path, mistakes: list[str]) -> Any:
    value, base = setting.default, folder
    if given:
        try:
            value, base = setting.parse(given.text), given.base
        except ValueError as error:
            mistakes.append(f"{setting.name}: {error}")
    return base / value if isinstance(value, Path) else value


def shipped_corpus() -> Path:
    """The documents that come with the program: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "corpus"
    return installed if installed.exists() else package.parent / "corpus"


def _from_environment(environ: Mapping[str, str], folder: Path) -> dict[str, _Given]:
    return {
        name: _Given(environ[name].strip(), "environment", folder)
        for name in _all_names()
        if environ.get(name, "").strip()
    }


def _from_file(path: Path, must_be: bool, mistakes: list[str]) -> dict[str, _Given]:
    given = {}
    for key, value in _table(path, must_be, mistakes).items():
        name = key.upper()
        if key not in map(str.lower, _all_names()):
            mistakes.append(f"{path.name}: there is no setting {key!r}; did you mean {_nearest(key).lower()!r}?")
            continue
        text = _text(name, value)
        if text is None:
            mistakes.append(f'{path.name}: {key} must be a text or a number; write {key} = "…"')
        elif text.strip():
            given[name] = _Given(text.strip(), str(path), path.parent)
    return given


def _text(name: str, value: object) -> str | None:
    """A value of the file as the environment would have it; None where it is none of those that the setting takes."""
    if isinstance(value, bool):
        return str(value).lower() if name in SWITCHES else None
    if isinstance(value, list):
        if name in QUESTIONS:
            return "|".join(value) if all(isinstance(each, str) for each in value) else None
        is_ids = name in LISTS and all(type(each) in (int, str) for each in value)
        return ",".join(map(str, value)) if is_ids else None
    return str(value) if isinstance(value, str | int | float) else None


def _opened(given: dict[str, _Given], mistakes: list[str]) -> dict[str, _Given]:
    """The same, with what stands in files read from them."""
    opened = {}
    for name, one in given.items():
        own = name.removesuffix(FROM_FILE)
        if own == name:
            opened[name] = one
        elif own in given:
            mistakes.append(f"{name}: {own} is set too; leave one of the two out")
        elif text := _content(name, one, mistakes):
            opened[own] = _Given(text, f"{one.whence}, {one.text}", one.base)
    return opened


def _content(name: str, given: _Given, mistakes: list[str]) -> str:
    path = given.base / given.text
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE).decode("utf-8-sig").strip()
    except OSError as error:
        mistakes.append(f"{name}: {path} cannot be read ({error.strerror}); make it readable or name another")
    except ValueError:
        mistakes.append(f"{name}: {path} is not UTF-8; save it as UTF-8")
    else:
        if not text:
            mistakes.append(f"{name}: {path} is empty; write the value into it")
        return text
    return ""


def _table(path: Path, must_be: bool, mistakes: list[str]) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            if len(content := file.read(LARGEST_TABLE + 1)) <= LARGEST_TABLE:
                return tomllib.loads(content.decode("utf-8-sig"))
        mistakes.append(f"{path.name} is too large for settings; name a file of at most a megabyte")
    except FileNotFoundError:
        if must_be:
            mistakes.append(f"{path}: there is no such file of settings; iqtibas settings --sample prints one")
    except tomllib.TOMLDecodeError as error:  # its text names line and column
        mistakes.append(f'{path.name} is not TOML: {error}; mend that line, as in: iqtibas_engine = "auto"')
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        mistakes.append(f"{path.name} is not UTF-8 at line {line}; save it as UTF-8")
    except OSError as error:
        mistakes.append(f"{path.name} cannot be read ({error.strerror}); make it readable or remove it")
    return {}


def _all_names() -> tuple[str, ...]:
    return (*NAMES, *(name + FROM_FILE for name in NAMES))


def _nearest(key: str) -> str:
    return get_close_matches(key.upper(), _all_names(), n=1, cutoff=0)[0]


def _unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted(name for name in environ if name.startswith("IQTIBAS_") and name not in _all_names())
    return tuple(
        f"there is no setting {name!r} in the environment; did you mean {_nearest(name)!r}?"
        for name in names
        if not _OTHERS.fullmatch(name)
    )


def _told(setting: Setting, value: Any) -> object:
    if setting.is_secret:
        return None if value is None else "***"
    if setting.name in LISTS:
        return sorted(value) if isinstance(value, frozenset) else list(map(str, value))
    if isinstance(value, tuple):
        return (" | " if setting.name in QUESTIONS else ":").join(map(str, value))
    if isinstance(value, Path):
        return str(value)
    return values.without_password(value) if isinstance(value, str) else value


def _sampled(setting: Setting) -> str:
    if setting.example:
        return f"[{setting.example}]" if setting.name in LISTS else json.dumps(setting.example)
    return json.dumps(_told(setting, setting.default))
