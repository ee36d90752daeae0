"""What a setting may hold: from the text that an operator wrote to a value, or a ValueError whose text is the mend."""

import math
import re
import unicodedata
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qs, urlsplit

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]

API_URL = "https://api.telegram.org"
TELEGRAM: Networks = (IPv4Network("149.154.160.0/20"), IPv4Network("91.108.4.0/22"))
"""From where Telegram gives updates, as it says (core.telegram.org/bots/webhooks)."""
LOOPBACK: Networks = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
TELEGRAMS_PORTS = (443, 80, 88, 8443)
"""Those at which it gives them."""
HERE = "127.0.0.1"
ENGINES = ("auto", "memory", "disk", "cluster")
MOST_NODES, MOST_SHARDS, MOST_REPLICAS = 64, 64, 8
MOST_FILES, MOST_MEGABYTES, MOST_THREADS, MOST_DAYS = 40, 1000, 64, 36_500
MOST_EXAMPLES, LONGEST_EXAMPLE = 3, 120
MOST_NETWORKS = 64

_ON, _OFF = ("on", "true", "1"), ("off", "false", "0")
_PASSWORD = re.compile(r"(?<=://)[^/\s]*@")


def without_password(text: str) -> str:
    """A text without what stands before the host in an address: a name and a password."""
    return _PASSWORD.sub("***@", text)


def passwords_of(urls: str | None) -> list[str]:
    """Those that stand in addresses with commas between them."""
    return list(filter(None, map(password_of, (urls or "").split(","))))


def password_of(url: str | None) -> str | None:
    """The password that stands in an address, as it stands there."""
    found = _PASSWORD.search(url or "")
    return (found[0].rstrip("@").partition(":")[2] or None) if found else None


def token(value: str) -> str | None:
    if not re.fullmatch(r"\d+:[\w-]+", value, re.ASCII):  # the value itself must not be repeated: it is a secret
        raise ValueError("this is not a bot's token; copy it from @BotFather, it looks like 123456:AbC-dEf")
    return value


def api_url(value: str) -> str:
    mend = f"write only scheme, host and port, as in {API_URL}"
    parts = _parts(value)
    if parts is None:
        raise ValueError(f"{without_password(value)!r} is not the address of a Bot API server; {mend}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{without_password(value)!r} has more than scheme, host and port; {mend}")
    return f"{parts.scheme}://{parts.netloc}"


def database(value: str) -> str:
    mend = "write one as in postgresql://iqtibas:password@db.example.org/iqtibas"
    parts = urlsplit(value)
    if parts.scheme not in ("postgresql", "postgres") or not value.isprintable() or " " in value:
        raise ValueError(f"{without_password(value)!r} is no address of a PostgreSQL server; {mend}")
    if "password" in parse_qs(parts.query):  # where nobody looks for one that must not be shown
        raise ValueError(f"a password stands behind the ?; {mend}")
    if not parts.path.strip("/"):
        raise ValueError(f"{without_password(value)!r} names no database; {mend}")
    return value


def webhook(value: str) -> str:
    mend = "write one as in https://bot.example.org/telegram"
    parts = _parts(value)
    if parts is None or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{without_password(value)!r} is no address at which Telegram could give updates; {mend}")
    if parts.username is not None or parts.fragment:
        raise ValueError(
            f"{without_password(value)!r} has a name, a password or a # in it, which Telegram refuses; {mend}"
        )
    return value


def is_for_telegram(url: str) -> bool:
    """Whether Telegram's own server gives updates at such an address."""
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.port or 443) in TELEGRAMS_PORTS


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place, whoever wrote them out."""
    return _place(one) == _place(other)


def _place(url: str) -> tuple[object, ...]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return (url,)
    return parts.scheme, parts.hostname, port, parts.path or "/", parts.query


def secret(value: str) -> str:
    if not re.fullmatch(r"[\w-]{16,256}", value, re.ASCII):  # it must not be repeated
        raise ValueError("this is no secret that Telegram takes; write 16 to 256 of A-Z, a-z, 0-9, _ and -")
    return value


def networks(value: str) -> Networks:
    found = []
    for part in (part.strip() for part in value.split(",")):
        try:
            found.append(ip_network(part, strict=False))
        except ValueError:
            raise ValueError(f"{part!r} is no network; write addresses or networks, as in 149.154.160.0/20") from None
    if len(found) > MOST_NETWORKS:
        raise ValueError(f"these are {len(found)} networks; write at most {MOST_NETWORKS}")
    return tuple(found)


def _parts(url: str) -> SplitResult | None:
    """The parts of an address of the web; None where it is none."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:  # urlsplit judges a port only when it is asked for
        whole = False
    return parts if whole else None


def engine(value: str) -> str:
    if value.lower() not in ENGINES:
        nearest = get_close_matches(value.lower(), ENGINES, n=1, cutoff=0)[0]
        raise ValueError(f"there is no engine {value!r}; did you mean {nearest!r}? ({', '.join(ENGINES)})")
    return value.lower()


def cluster(value: str) -> str:
    """The addresses of a cluster's nodes, with commas between them; one without a scheme has that of the first, and its
    name and password."""
    mend = "write one or several as in https://name:password@host:9200,other:9200"
    first, *others = (part.strip() for part in value.split(","))
    head = first[: first.find("://") + 3] + (f"{first.partition('://')[2].rpartition('@')[0]}@" if "@" in first else "")
    written = [first, *(other if "://" in other else head + other for other in others)]
    if len(written) > MOST_NODES or not all(map(_is_node, written)):  # it must not be repeated: a password is in it
        raise ValueError(f"these are not addresses of a cluster's nodes; {mend}")
    return ",".join(written)


def _is_node(address: str) -> bool:
    parts = _parts(address)
    return bool(parts and not parts.query and not parts.fragment and address.isprintable() and " " not in address)


def shards(value: str) -> int:
    return _between(value, 1, MOST_SHARDS, "shards")


def replicas(value: str) -> int:
    return _between(value, 0, MOST_REPLICAS, "replicas")


def confidence(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise ValueError(f"{value!r} is not a number from 0 to 1; write one, as in 0.4, or leave it out")
    return number


def ids(value: str) -> frozenset[int]:
    parts = [part.strip() for part in value.split(",")]
    for part in parts:
        if not re.fullmatch(r"-?[1-9][0-9]{0,15}", part):
            raise ValueError(f"{part!r} is not the id of a user or chat; write numbers, as in 123456, -1001234567890")
    return frozenset(map(int, parts))


def users(value: str) -> frozenset[int]:
    found = ids(value)
    if min(found) < 0:
        raise ValueError(f"{min(found)} is the id of a group; an admin is a user, with a number above 0")
    return found


def a_minute(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", value):
        raise ValueError(f"{value!r} is not a number of questions; write one from 1 up, as in 20")
    return int(value)


def threads(value: str) -> int:
    return _between(value, 1, MOST_THREADS, "cores")


def files(value: str) -> int:
    return _between(value, 0, MOST_FILES, "files")


def megabytes(value: str) -> int:
    return _between(value, 0, MOST_MEGABYTES, "megabytes")


def days(value: str) -> int:
    return _between(value, 0, MOST_DAYS, "days")


def _between(value: str, least: int, most: int, of: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
        raise ValueError(f"{value!r} is not a number of {of} from {least} to {most:,}; write one, or leave it out")
    return int(value)


def switch(value: str) -> bool:
    if value.lower() not in _ON + _OFF:
        raise ValueError(f"{value!r} is neither on nor off; write on or off (or 1 or 0), or leave it out")
    return value.lower() in _ON


def listening(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not re.fullmatch(r"[\w.:\[\]-]+", host, re.ASCII) or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError(f"{value!r} is no host and port; write them as in 127.0.0.1:9108")
    return host.strip("[]"), int(port)


def web(value: str) -> tuple[str, int]:
    """A host and a port; a port alone is this machine's own."""
    host, _, port = value.rpartition(":")
    return listening(f"{host or HERE}:{port}")


def web_address(value: str) -> str:
    parts = _parts(value)
    if parts is None or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError(
            f"{without_password(value)!r} is not scheme, host and port; write them as in https://example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def web_token(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{16,200}", value):  # a header holds it; it must not be repeated: it is a secret
        raise ValueError("write 16 to 200 letters and digits without spaces, as of: openssl rand -hex 32")
    return value


def log_form(value: str) -> str:
    return _one_of(value, ("text", "json"))


def log_level(value: str) -> str:
    return _one_of(value, ("debug", "info", "warning", "error"))


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value.lower() not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}; write one of them, or leave it out")
    return value.lower()


def words(longest: int, value: str) -> str:
    """Words of the operator's, that keep the order of what stands around them."""
    if len(value) > longest:
        raise ValueError(f"it has {len(value):,} characters; write at most {longest:,}")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter != "\n" for letter in value):
        raise ValueError("it holds a character that cannot be seen; take that out")
    return value


def line(longest: int, value: str) -> str:
    """The same, in one line."""
    return words(longest, " ".join(value.split()))


def examples(value: str) -> tuple[str, ...]:
    questions = tuple(filter(None, (" ".join(question.split()) for question in value.split("|"))))
    if len(questions) > MOST_EXAMPLES:
        raise ValueError(f"these are {len(questions)} questions; write at most {MOST_EXAMPLES}, with | between them")
    return tuple(words(LONGEST_EXAMPLE, question) for question in questions)


def path(value: str) -> Path:
    """A path; ``~`` is the home of whoever runs the program."""
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError(f"{value!r}: there is no home folder; write the whole path") from None
