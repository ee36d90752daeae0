"""What can be set: a row for each setting, of which the file's sample is made, too."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot import values
from bot.values import API_URL

QUESTIONS_PER_MINUTE = 20
FILES_PER_CHAT, MEGABYTES_PER_CHAT = 20, 50
VERSIONS_DAYS = 1825
LONGEST_NAME, LONGEST_WELCOME, LONGEST_CONTACT, LONGEST_CLOSING = 64, 1000, 200, 200


@dataclass(frozen=True, slots=True)
class Setting:
    """A row: ``parse`` makes a value of a text or raises ValueError with the mend. ``example`` is a value for the
    sample where the default is none, ``says`` a line on what it is for."""

    name: str
    parse: Callable[[str], Any]
    default: object
    says: str
    example: str = ""
    is_secret: bool = False

    @property
    def field(self) -> str:
        """Its name in ``Settings``."""
        return _FIELDS.get(self.name) or self.name.removeprefix("IQTIBAS_").lower()


_FIELDS = {"TELEGRAM_BOT_TOKEN": "token", "TELEGRAM_API_URL": "api_url", "IQTIBAS_WEBHOOK": "webhook_url"}

_LOOPBACK = "127.0.0.1:9108"

SETTINGS = (
    Setting(
        "TELEGRAM_BOT_TOKEN",
        values.token,
        None,
        "from @BotFather; without it only the terminal works",
        "123456:AbC-dEf",
        is_secret=True,
    ),
    Setting("TELEGRAM_API_URL", values.api_url, API_URL, "a Bot API server of your own: scheme, host and port"),
    Setting("IQTIBAS_CORPUS", values.path, None, "a folder or a file of documents; else the shipped one", "articles"),
    Setting("IQTIBAS_DATA", values.path, Path("iqtibas-data"), "the folder for state and indexes"),
    Setting(
        "IQTIBAS_DATABASE",
        values.database,
        None,
        "a PostgreSQL server for the state, and with the engine cluster for texts, shared by several bots; else files",
        "postgresql://iqtibas@db.example.org/iqtibas",
    ),
    Setting("IQTIBAS_ENGINE", values.engine, "auto", "auto, memory, disk or cluster"),
    Setting(
        "IQTIBAS_CLUSTER",
        values.cluster,
        None,
        "addresses of OpenSearch's nodes, for the engine cluster",
        "https://name:password@host:9200,other:9200",
    ),
    Setting(
        "IQTIBAS_CLUSTER_CA",
        values.path,
        None,
        "the authority that signed their certificates; else the system's",
        "ca.pem",
    ),
    Setting("IQTIBAS_CLUSTER_SHARDS", values.shards, 1, "parts of an index that is made there, 64 at most"),
    Setting("IQTIBAS_CLUSTER_REPLICAS", values.replicas, 1, "further copies of each part, on other nodes"),
    Setting("IQTIBAS_MIN_CONFIDENCE", values.confidence, None, "0 to 1: below it, the answer is a refusal", "0.54"),
    Setting("IQTIBAS_READER", values.switch, True, "off: words rank alone, without the networks"),
    Setting("IQTIBAS_THREADS", values.threads, 1, "how many cores work on one question, 64 at most"),
    Setting("IQTIBAS_ADMINS", values.users, frozenset(), "ids of users who may send /status, /reload, /drop", "123456"),
    Setting(
        "IQTIBAS_ALLOWED", values.ids, frozenset(), "ids of users and chats that may ask; else everybody", "123456"
    ),
    Setting(
        "IQTIBAS_QUESTIONS_PER_MINUTE",
        values.a_minute,
        QUESTIONS_PER_MINUTE,
        "how many messages of a user are answered",
    ),
    Setting("IQTIBAS_LOG_TEXT", values.switch, False, "on: questions stand in the log"),
    Setting("IQTIBAS_GAPS", values.switch, False, "on: refused questions are kept for 90 days, for iqtibas gaps"),
    Setting("IQTIBAS_LOG", values.log_form, "text", "text, or json: an object a line"),
    Setting("IQTIBAS_LOG_LEVEL", values.log_level, "info", "debug, info, warning or error"),
    Setting(
        "IQTIBAS_METRICS", values.listening, None, "host and port of /healthz, /readyz, /metrics; else none", _LOOPBACK
    ),
    Setting(
        "IQTIBAS_WEBHOOK",
        values.webhook,
        None,
        "an address at which Telegram gives updates; else the bot asks for them",
        "https://bot.example.org/telegram",
    ),
    Setting(
        "IQTIBAS_WEBHOOK_LISTEN",
        values.listening,
        ("127.0.0.1", 8080),
        "host and port to which your proxy passes them on",
    ),
    Setting(
        "IQTIBAS_WEBHOOK_SECRET",
        values.secret,
        None,
        "what Telegram shows with each; else made of the token",
        "16-or-more_letters",
        is_secret=True,
    ),
    Setting("IQTIBAS_WEBHOOK_ALLOWED", values.networks, values.TELEGRAM, "networks that may give updates: Telegram's"),
    Setting(
        "IQTIBAS_WEBHOOK_PROXIES",
        values.networks,
        values.LOOPBACK,
        "networks of proxies whose X-Forwarded-For is believed",
    ),
    Setting(
        "IQTIBAS_WEBHOOK_CERTIFICATE",
        values.path,
        None,
        "a certificate that you signed yourself, where no proxy has one",
        "certificate.pem",
    ),
    Setting("IQTIBAS_WEBHOOK_KEY", values.path, None, "its key", "key.pem"),
    Setting(
        "IQTIBAS_WEB", values.web, None, "host and port of the web pages beside the bot; else none", "127.0.0.1:8090"
    ),
    Setting(
        "IQTIBAS_WEB_ADDRESS",
        values.web_address,
        None,
        "where readers reach those pages: cards lead there",
        "https://quotes.example.org",
    ),
    Setting(
        "IQTIBAS_WEB_TOKEN",
        values.web_token,
        None,
        "what /api asks for; else it is open",
        "at-least-16-letters",
        is_secret=True,
    ),
    Setting(
        "IQTIBAS_WEB_PROXIES",
        values.networks,
        values.LOOPBACK,
        "networks of proxies whose X-Forwarded-For is believed there",
    ),
    Setting("IQTIBAS_DISCUSSIONS", values.switch, False, "on: questions in comments on a channel's posts are answered"),
    Setting("IQTIBAS_FLOOD_CONTROL", values.switch, True, "off: send without a pace, to a server that sets no limits"),
    Setting("IQTIBAS_FILES_PER_CHAT", values.files, FILES_PER_CHAT, "how many files a chat may give, 40 at most"),
    Setting("IQTIBAS_MEGABYTES_PER_CHAT", values.megabytes, MEGABYTES_PER_CHAT, "how large they may be together"),
    Setting("IQTIBAS_VERSIONS_DAYS", values.days, VERSIONS_DAYS, "for how long texts that changed or went are kept"),
    Setting(
        "IQTIBAS_NAME",
        partial(values.line, LONGEST_NAME),
        "",
        "what the bot calls itself; else «اقتباس»",
        "مكتبة المدينة",
    ),
    Setting(
        "IQTIBAS_WELCOME",
        partial(values.words, LONGEST_WELCOME),
        "",
        "what /start says; else the bot's own",
        "Welcome.",
    ),
    Setting("IQTIBAS_EXAMPLES", values.examples, None, "up to 3 questions that your sources answer", "first? | next?"),
    Setting(
        "IQTIBAS_CONTACT",
        partial(values.words, LONGEST_CONTACT),
        "",
        "whom readers may write to; else nobody",
        "@library",
    ),
    Setting(
        "IQTIBAS_CLOSING",
        partial(values.line, LONGEST_CLOSING),
        "",
        "a line below each answer, on the pages too; else none",
        "مكتبة المدينة تفتح كل يوم.",
    ),
)
NAMES = tuple(setting.name for setting in SETTINGS)
SWITCHES = {setting.name for setting in SETTINGS if setting.parse is values.switch}
"""Those that are on or off."""
LISTS = {setting.name for setting in SETTINGS if setting.parse in (values.ids, values.users, values.networks)}
QUESTIONS = {setting.name for setting in SETTINGS if setting.parse is values.examples}
